// Signatures of minisign: what is made here passes minisign, and what minisign makes is read here.

import { blake2b } from '@noble/hashes/blake2.js'
import { describe, expect, test } from 'vitest'
import type { Bytes } from '../../src/codec/bytes.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { minisignWants, signMinisign, verifyMinisign } from '../../src/documents/minisign.ts'
import {
  minisignKeyOf,
  readMinisignKey,
  writeMinisignKey,
} from '../../src/documents/minisignKey.ts'
import { runningBlake2b } from '../../src/documents/runningBlake2b.ts'
import { testSigner } from './certificatesSigners.ts'
import { hasTool, run, testFolder } from './foreignTools.ts'

const hasMinisign = hasTool('minisign')
const folder = testFolder('minisign')
const content = encodeUtf8('Hearth and home.\n')
const data = folder.write('data', content)

async function digestOf(...parts: readonly Bytes[]): Promise<Bytes> {
  const hash = await runningBlake2b()
  for (const part of parts) hash.update(part)
  return hash.digest()
}

const verifyByMinisign = (signature: string, key: string, file = data) =>
  run('minisign', ['-V', '-p', key, '-x', signature, '-m', file])

test('BLAKE2b in parts is BLAKE2b of the whole', async () => {
  const whole = crypto.getRandomValues(new Uint8Array(5000))
  const digest = await digestOf(whole.slice(0, 1), whole.slice(1, 3000), whole.slice(3000))
  expect(digest).toEqual(blake2b(whole))
})

const comment = 'timestamp:1735689600\tfile:Käthe.txt\thashed'

async function signed() {
  const signer = await testSigner('ED25519_SHA_512')
  const key = await minisignKeyOf(signer.publicKey)
  const text = await signMinisign(signer, await digestOf(content), { trustedComment: comment })
  return { signer, key, text }
}

test('what is signed here is verified here, and not with another content, comment or key', async () => {
  const { key, text } = await signed()
  const digest = await digestOf(content)
  const report = await verifyMinisign(text, { digest }, key)
  expect(report).toMatchObject({ intact: true, legacy: false, trustedComment: comment })
  expect(report.problems).toEqual([])
  expect(writeMinisignKey(key)).toContain(report.keyId)
  expect(minisignWants(text)).toEqual({ keyId: key.keyId, wants: 'digest' })
  expect(readMinisignKey(writeMinisignKey(key))).toEqual(key)
  const verdict = async (...[changed, given, by]: Parameters<typeof verifyMinisign>) => {
    const { intact, problems, trustedComment } = await verifyMinisign(changed, given, by)
    expect({ intact, trustedComment }).toEqual({ intact: false, trustedComment: null })
    return problems.join()
  }
  const other = await digestOf(encodeUtf8('Hearth'))
  expect(await verdict(text, { digest: other }, key)).toBe('signature-mismatch')
  expect(await verdict(text, { content }, key)).toBe('digest-missing')
  const renamed = text.replace('Käthe', 'Kathe')
  expect(await verdict(renamed, { digest }, key)).toBe('comment-mismatch')
  const stranger = await minisignKeyOf((await testSigner('ED25519_SHA_512')).publicKey)
  expect(await verdict(text, { digest }, stranger)).toBe('another-key')
  expect(await verdict(text, { digest }, { ...stranger, keyId: null })).toBe('signature-mismatch')
  const crLf = `\u{feff}${text.replaceAll('\n', '\r\n')}`
  expect(await verifyMinisign(crLf, { digest }, key)).toEqual(report)
  expect((await verifyMinisign(text, { digest }, { ...key, keyId: null })).intact).toBe(true)
})

test('comments that break a line or deceive are not written, and are told where they are read', async () => {
  const { signer, key } = await signed()
  const digest = await digestOf(content)
  const failure = { code: 'bad-comment' }
  for (const trustedComment of [
    'a\nb',
    'a\rb',
    '\u{1b}[2J',
    'a\u{202e}b',
    '\u{2028}',
    '\ud800',
    'x'.repeat(9000),
  ]) {
    await expect(signMinisign(signer, digest, { trustedComment })).rejects.toMatchObject(failure)
    const other = { trustedComment: '', untrustedComment: trustedComment }
    await expect(signMinisign(signer, digest, other)).rejects.toMatchObject(failure)
    expect(() => writeMinisignKey(key, trustedComment)).toThrow(/comment/)
  }
  const hostile = async (trustedComment: string) => {
    const lines = (await signMinisign(signer, digest, { trustedComment: 'x' })).split('\n')
    const signature = Buffer.from(lines[1] ?? '', 'base64').subarray(10)
    const both = await signer.sign(Uint8Array.from([...signature, ...encodeUtf8(trustedComment)]))
    lines.splice(2, 2, `trusted comment: ${trustedComment}`, Buffer.from(both).toString('base64'))
    return lines.join('\n')
  }
  const report = await verifyMinisign(await hostile('a\u{1b}[2J\u{202e}b'), { digest }, key)
  expect(report).toMatchObject({ intact: true, problems: ['control-characters'] })
  expect(report.trustedComment).toBe('a\u{fffd}[2J\u{fffd}b')
})

test('other keys sign nothing, and what is no signature is told so', async () => {
  const digest = await digestOf(content)
  const options = { trustedComment: '' }
  const p256 = await testSigner('ECDSA_SHA_256')
  const misfit = { code: 'key-does-not-fit' }
  await expect(signMinisign(p256, digest, options)).rejects.toMatchObject(misfit)
  await expect(minisignKeyOf(p256.publicKey)).rejects.toMatchObject(misfit)
  const { signer, key, text } = await signed()
  const short = digest.slice(1)
  await expect(signMinisign(signer, short, options)).rejects.toMatchObject({ code: 'bad-digest' })
  const lines = text.split('\n')
  const cases = [
    '',
    lines.slice(0, 2).join('\n'),
    lines.slice(1).join('\n'),
    [...lines.slice(0, 4), 'more'].join('\n'),
    text.replace('\nRU', '\nUk'),
    writeMinisignKey(key),
  ]
  for (const broken of cases) {
    const { intact, problems } = await verifyMinisign(broken, { digest }, key)
    expect({ intact, problems }).toEqual({ intact: false, problems: ['not-recognised'] })
  }
  const long = text + ' '.repeat(20_000)
  expect((await verifyMinisign(long, { digest }, key)).problems).toEqual(['too-large'])
  for (const line of ['', 'RWQ', 'x'.repeat(5000), text]) expect(readMinisignKey(line)).toBe(null)
})

describe.runIf(hasMinisign)('minisign', () => {
  test('takes what is made here, and refuses what was altered', async () => {
    const { key, text } = await signed()
    const file = folder.write('ours.minisig', text)
    const keyFile = folder.write('ours.pub', writeMinisignKey(key))
    const verdict = verifyByMinisign(file, keyFile)
    expect(verdict.text).toContain('Signature and comment signature verified')
    expect(verdict.text).toContain(comment)
    expect(verdict.status).toBe(0)
    const line = writeMinisignKey(key).split('\n')[1] ?? ''
    expect(readMinisignKey(line)).toEqual(key)
    expect(run('minisign', ['-V', '-H', '-P', line, '-x', file, '-m', data]).status).toBe(0)
    const renamed = folder.write('renamed.minisig', text.replace('Käthe', 'Kathe'))
    expect(verifyByMinisign(renamed, keyFile).status).not.toBe(0)
    const other = folder.write('other', 'Hearth')
    expect(verifyByMinisign(file, keyFile, other).status).not.toBe(0)
  })

  test('comments at their longest pass too', async () => {
    const signer = await testSigner('ED25519_SHA_512')
    const longest = { trustedComment: 'x'.repeat(8173), untrustedComment: 'y'.repeat(1003) }
    const text = await signMinisign(signer, await digestOf(content), longest)
    const key = folder.write('long.pub', writeMinisignKey(await minisignKeyOf(signer.publicKey)))
    expect(verifyByMinisign(folder.write('long.minisig', text), key).status).toBe(0)
    const tooLong = { trustedComment: '', untrustedComment: 'y'.repeat(1004) }
    const refused = signMinisign(signer, await digestOf(content), tooLong)
    await expect(refused).rejects.toMatchObject({ code: 'bad-comment' })
  })

  test.each([
    ['hashed', []],
    ['legacy', ['-l']],
  ] as const)('makes what is read here: %s', async (name, options) => {
    const [pub, key] = [folder.path(`${name}.pub`), folder.path(`${name}.key`)]
    expect(run('minisign', ['-G', '-W', '-f', '-p', pub, '-s', key]).status).toBe(0)
    const out = folder.path(`${name}.minisig`)
    const signing = ['-S', ...options, '-s', key, '-x', out, '-m', data, '-t', 'Grüße']
    expect(run('minisign', signing).status).toBe(0)
    const text = folder.read(`${name}.minisig`)
    const theirs = readMinisignKey(folder.read(`${name}.pub`))
    if (!theirs) throw new Error('no key')
    // minisign 0.11 leaves out zeros at the beginning of the id in the comment.
    const unpadded = writeMinisignKey(theirs).replace(/key 0+/, 'key ')
    expect(unpadded).toBe(folder.read(`${name}.pub`))
    const given = { digest: await digestOf(content), content }
    const report = await verifyMinisign(text, given, theirs)
    const legacy = name === 'legacy'
    expect(report).toMatchObject({ intact: true, legacy, trustedComment: 'Grüße', problems: [] })
    const [missing, wanted] = legacy
      ? [{ digest: given.digest }, 'content-missing']
      : [{ content }, 'digest-missing']
    expect((await verifyMinisign(text, missing, theirs)).problems).toEqual([wanted])
    const altered = { digest: await digestOf(encodeUtf8('x')), content: encodeUtf8('x') }
    const refused = await verifyMinisign(text, altered, theirs)
    expect(refused.problems).toEqual(['signature-mismatch'])
  })
})
