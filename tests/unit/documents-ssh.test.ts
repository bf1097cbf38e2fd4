// Signatures of OpenSSH: what is made here passes ssh-keygen, and what ssh-keygen makes is read here.

import { describe, expect, test } from 'vitest'
import { readPublicKey } from '../../src/certificates/publicKeys.ts'
import type { Signer } from '../../src/certificates/signer.ts'
import type { Bytes } from '../../src/codec/bytes.ts'
import { encodeBase64, encodeUtf8 } from '../../src/codec/text.ts'
import {
  allowedSignersLine,
  openSshPublicKey,
  readOpenSshPublicKey,
} from '../../src/documents/sshPublicKey.ts'
import { signSsh, sshHashOf, verifySsh } from '../../src/documents/sshSignature.ts'
import { testSigner } from './certificatesSigners.ts'
import { rsaSigner } from './documentsSigners.ts'
import { hasTool, run, testFolder } from './foreignTools.ts'

const hasSshKeygen = hasTool('ssh-keygen')
const folder = testFolder('ssh')
const content = encodeUtf8('Hearth and home.\n')
const digestsOf = async (bytes: Bytes) => ({
  sha256: new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)),
  sha512: new Uint8Array(await crypto.subtle.digest('SHA-512', bytes)),
})
const file = { namespace: 'file' }

const signers: Readonly<Record<string, () => Promise<Signer>>> = {
  'ssh-ed25519': () => testSigner('ED25519_SHA_512'),
  'ecdsa-sha2-nistp256': () => testSigner('ECDSA_SHA_256'),
  'ecdsa-sha2-nistp384': () => testSigner('ECDSA_SHA_384'),
  'ecdsa-sha2-nistp521': () => testSigner('ECDSA_SHA_512'),
  'rsa-sha2-512': () => rsaSigner('RSASSA_PKCS1_V1_5_SHA_512'),
  'rsa-sha2-256': () => rsaSigner('RSASSA_PKCS1_V1_5_SHA_256'),
}

const verifyBySsh = (signature: string, allowed: string, namespace = 'file', bytes = content) =>
  run(
    'ssh-keygen',
    ['-Y', 'verify', '-f', allowed, '-I', 'ada@hearth', '-n', namespace, '-s', signature],
    bytes,
  )

describe.each(Object.entries(signers))('%s', (type, make) => {
  test('what is signed here is verified here, and not for another content or namespace', async () => {
    const signer = await make()
    const digests = await digestsOf(content)
    const armoured = await signSsh(signer, digests, 'file')
    const report = await verifySsh(armoured, digests, file)
    expect(report).toMatchObject({ intact: true, namespace: 'file', hash: 'sha512', problems: [] })
    expect(report.publicKey?.spki).toEqual(signer.publicKey)
    expect(report.publicKey?.line).toBe(openSshPublicKey(signer.publicKey))
    const altered = await verifySsh(armoured, await digestsOf(encodeUtf8('Hearth')), file)
    expect(altered).toMatchObject({ intact: false, problems: ['signature-mismatch'] })
    const elsewhere = await verifySsh(armoured, digests, { namespace: 'git' })
    expect(elsewhere).toMatchObject({ intact: true, problems: ['another-namespace'] })
    const withCrLf = `\u{feff}${armoured.replaceAll('\n', '\r\n')}`
    expect(await verifySsh(withCrLf, digests, file)).toEqual(report)
  })

  test.runIf(hasSshKeygen)('ssh-keygen takes it, and refuses what was altered', async () => {
    const signer = await make()
    const armoured = await signSsh(signer, await digestsOf(content), 'file')
    const signature = folder.write(`${type}.ours.sig`, armoured)
    const line = allowedSignersLine('ada@hearth', signer.publicKey, ['file'])
    const allowed = folder.write(`${type}.allowed`, `${line}\n`)
    const verdict = verifyBySsh(signature, allowed)
    expect(verdict.text).toContain('Good "file" signature for ada@hearth')
    expect(verdict.status).toBe(0)
    const checked = run(
      'ssh-keygen',
      ['-Y', 'check-novalidate', '-n', 'file', '-s', signature],
      content,
    )
    expect(checked.status).toBe(0)
    const report = await verifySsh(armoured, await digestsOf(content), file)
    expect(checked.text).toContain(report.publicKey?.fingerprint)
    expect(verifyBySsh(signature, allowed, 'git').status).not.toBe(0)
    expect(verifyBySsh(signature, allowed, 'file', encodeUtf8('Hearth')).status).not.toBe(0)
  })
})

test('a key that SSH does not have, or an algorithm it does not have, signs nothing', async () => {
  const digests = await digestsOf(content)
  const pss = await rsaSigner('RSASSA_PSS_SHA_512')
  const refused = { code: 'key-does-not-fit' }
  await expect(signSsh(pss, digests, 'file')).rejects.toMatchObject(refused)
  const ed25519 = await testSigner('ED25519_SHA_512')
  const prehashed = { ...ed25519, algorithm: 'ED25519_PH_SHA_512' } as const
  await expect(signSsh(prehashed, digests, 'file')).rejects.toMatchObject(refused)
  for (const namespace of ['', 'a\nb', 'x'.repeat(256)]) {
    const failure = { code: 'bad-namespace' }
    await expect(signSsh(ed25519, digests, namespace)).rejects.toMatchObject(failure)
  }
  const short = { sha512: digests.sha256 }
  await expect(signSsh(ed25519, short, 'file')).rejects.toMatchObject({ code: 'bad-digest' })
  const other = await testSigner('ED25519_SHA_512')
  const mistaken = { ...ed25519, publicKey: other.publicKey }
  const failure = { code: 'bad-signature' }
  await expect(signSsh(mistaken, digests, 'file')).rejects.toMatchObject(failure)
})

test('names of signers cannot become patterns, options or further lines', async () => {
  const { publicKey } = await testSigner('ED25519_SHA_512')
  for (const principals of ['', '*', 'a b', '# a', 'a\nb', 'a,,b', '!a', '"a']) {
    expect(() => allowedSignersLine(principals, publicKey)).toThrow(/named in one word/)
  }
  expect(() => allowedSignersLine('a', publicKey, ['file"'])).toThrow(/namespace/)
  expect(allowedSignersLine('a@b,c', publicKey)).toMatch(/^a@b,c ssh-ed25519 AAAA\S+$/)
  expect(() => openSshPublicKey(publicKey, 'a\nb')).toThrow(/comment/)
})

describe.runIf(hasSshKeygen).each([
  ['ed25519', [], 'sha512'],
  ['ed25519', ['-O', 'hashalg=sha256'], 'sha256'],
  ['ecdsa', ['-b', '256'], 'sha512'],
  ['ecdsa', ['-b', '384'], 'sha512'],
  ['ecdsa', ['-b', '521'], 'sha512'],
  ['rsa', ['-b', '2048'], 'sha512'],
] as const)('ssh-keygen -t %s %j', (type, options, hash) => {
  const isHash = options[0] === '-O'
  const name = `theirs-${type}-${options.join('-')}`
  const key = folder.path(name)

  test('its signatures and public keys are read', async () => {
    const bits = isHash ? [] : options
    run('ssh-keygen', ['-q', '-t', type, ...bits, '-N', '', '-C', 'ada@hearth', '-f', key])
    const data = folder.write(`${name}.txt`, content)
    const made = run('ssh-keygen', [
      ...['-Y', 'sign', '-f', key, '-n', 'file'],
      ...(isHash ? options : []),
      data,
    ])
    expect(made.status).toBe(0)
    const armoured = folder.read(`${name}.txt.sig`)
    expect(sshHashOf(armoured)).toBe(hash)
    const { [hash]: digest } = await digestsOf(content)
    const report = await verifySsh(armoured, { [hash]: digest }, file)
    expect(report).toMatchObject({ intact: true, hash, problems: [] })
    const line = folder.read(`${name}.pub`).trim()
    const spki = readOpenSshPublicKey(line)
    expect(spki).toEqual(report.publicKey?.spki)
    expect(`${report.publicKey?.line} ada@hearth`).toBe(line)
    expect(spki && readPublicKey(spki).bits).toBeGreaterThan(250)
    expect(await verifySsh(armoured, {}, file)).toMatchObject({
      intact: false,
      problems: ['digest-missing'],
    })
  })
})

test('a short RSA key is called weak', async () => {
  const signer = await rsaSigner('RSASSA_PKCS1_V1_5_SHA_512', 1024)
  const digests = await digestsOf(content)
  const report = await verifySsh(await signSsh(signer, digests, 'file'), digests, file)
  expect(report).toMatchObject({ intact: true, problems: ['weak-key'] })
})

test('what is no signature of SSH is told so', async () => {
  const digests = await digestsOf(content)
  const armoured = await signSsh(await testSigner('ED25519_SHA_512'), digests, 'file')
  const wrap = (bytes: Uint8Array) =>
    `-----BEGIN SSH SIGNATURE-----\n${encodeBase64(bytes)}\n-----END SSH SIGNATURE-----\n`
  const cases = {
    '': 'not-recognised',
    [armoured + armoured]: 'not-recognised',
    [armoured.slice(0, -40)]: 'not-recognised',
    [armoured.replaceAll('SSH SIGNATURE', 'CERTIFICATE')]: 'not-recognised',
    ['x'.repeat(70_000)]: 'too-large',
    [wrap(encodeUtf8('SSHSIG'))]: 'malformed',
    [wrap(encodeUtf8('SSHSIG\0\0\0\x02'))]: 'unknown-version',
    [wrap(encodeUtf8('SSHSIG\0\0\0\x01\xff\xff\xff\xff'))]: 'malformed',
  }
  for (const [text, problem] of Object.entries(cases)) {
    expect((await verifySsh(text, digests, file)).problems).toEqual([problem])
  }
})
