// CMS with its content inside, of any length: the content goes past, and is never held.

import { openAsBlob } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { writePem } from '../../src/certificates/pem.ts'
import { type Bytes, concatBytes } from '../../src/codec/bytes.ts'
import { derHeader, tags } from '../../src/codec/der.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { aroundContent, withoutContent } from '../../src/documents/attachedCms.ts'
import { digestStream } from '../../src/documents/contentDigests.ts'
import { readCms } from '../../src/documents/readCms.ts'
import { signCms } from '../../src/documents/signCms.ts'
import { verifyDocument } from '../../src/documents/verifyDocument.ts'
import { crlOf, makeAuthority, makePerson, now } from './documentsPeople.ts'
import { hasTool, run, testFolder } from './foreignTools.ts'

const hasOpenssl = hasTool('openssl')
const folder = testFolder('attached')

const authority = await makeAuthority()
const ada = await makePerson(authority)

async function around(file: Blob): Promise<readonly [Bytes, Bytes]> {
  const content = await digestStream(file.stream(), ['SHA-256'])
  const cms = await signCms({ signers: [ada], content, detached: true })
  return aroundContent(cms, file.size)
}

const trust = async () => ({
  anchors: [authority.certificate],
  crls: [await crlOf(authority)],
  at: new Date(now),
})

describe.each([0, 1, 127, 128, 255, 256, 65_535, 65_536, 1_000_000])('%i bytes', (size) => {
  test('put together as if they had been there, and taken apart again', async () => {
    const bytes = new Uint8Array(size).map((_, at) => at % 251)
    const [head, tail] = await around(new Blob([bytes]))
    const whole = concatBytes(head, bytes, tail)
    const read = readCms(whole)
    expect(read.content).toEqual(bytes)
    const report = await verifyDocument({ file: whole, ...(await trust()) })
    expect(report).toMatchObject({ verdict: 'valid', content: bytes })
    const parts = await withoutContent(new Blob([whole]))
    expect(new Uint8Array((await parts?.content.arrayBuffer()) ?? [])).toEqual(bytes)
    const beside = { file: bytes, signature: parts?.detached ?? whole }
    expect(await verifyDocument({ ...beside, ...(await trust()) })).toMatchObject({
      verdict: 'valid',
    })
  })
})

test('what hides behind the content, or is no DER, is not taken apart', async () => {
  const bytes = encodeUtf8('what I say')
  const [head, tail] = await around(new Blob([bytes]))
  const whole = concatBytes(head, bytes, tail)
  expect(await withoutContent(new Blob([whole]))).not.toBeNull()
  const detached = await signCms({ signers: [ada], content: bytes, detached: true })
  const wrong = [
    detached,
    concatBytes(whole, Uint8Array.of(0)),
    whole.slice(0, -1),
    // Of indefinite length, as programs write that do not know how much will come.
    concatBytes(Uint8Array.of(0x30, 0x80), whole.slice(4), Uint8Array.of(0, 0)),
    concatBytes(derHeader(tags.sequence, 3), encodeUtf8('abc')),
    new Uint8Array(),
  ]
  for (const one of wrong) expect(await withoutContent(new Blob([one]))).toBeNull()
  for (let at = 0; at < head.byteLength; at++) {
    const bent = whole.slice()
    bent[at] = (bent[at] ?? 0) ^ 0x01
    const parts = await withoutContent(new Blob([bent]))
    const beside = parts && { file: parts.content, signature: parts.detached }
    const report = beside && (await verifyDocument({ ...beside, ...(await trust()) }))
    // Not all that stands before the content is signed; what is made of that must be the same either way.
    if (report?.verdict !== 'valid') continue
    expect(await verifyDocument({ file: bent, ...(await trust()) })).toMatchObject({
      verdict: 'valid',
      content: bytes,
    })
  }
})

const mebibyte = 1024 * 1024
const size = 520 * mebibyte

test.runIf(hasOpenssl)(
  'more than can be held is signed and checked as it goes past, and OpenSSL takes it',
  { timeout: 240_000 },
  async () => {
    const path = folder.path('large')
    const file = await open(path, 'w')
    await file.truncate(size)
    await file.close()
    const blob = await openAsBlob(path)
    const before = process.memoryUsage().arrayBuffers
    let most = 0
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before)
    }, 20)
    const [head, tail] = await around(blob)
    expect(head.byteLength + tail.byteLength).toBeLessThan(4096)
    const whole = folder.path('large.p7m')
    const out = await open(whole, 'w')
    await out.write(head, 0, head.byteLength, 0)
    await out.write(tail, 0, tail.byteLength, head.byteLength + size)
    await out.close()
    const report = await verifyDocument({ file: await openAsBlob(whole), ...(await trust()) })
    clearInterval(watch)
    expect(report).toMatchObject({ form: 'cms-der', verdict: 'valid', content: null })
    expect(most).toBeGreaterThan(0)
    expect(most).toBeLessThan(128 * mebibyte)
    const anchor = folder.write('anchor.pem', writePem('CERTIFICATE', authority.certificate.der))
    const how = ['-binary', '-inform', 'DER', '-CAfile', anchor, '-purpose', 'any']
    const said = run('openssl', ['cms', '-verify', ...how, '-in', whole, '-out', '/dev/null'])
    expect(said.text).toMatch(/Verification successful|CMS Verification successful/)

    const bent = await open(whole, 'r+')
    await bent.write(Uint8Array.of(1), 0, 1, head.byteLength + size / 2)
    await bent.close()
    const altered = await verifyDocument({ file: await openAsBlob(whole), ...(await trust()) })
    expect(altered.verdict).toBe('altered')
    await rm(whole)
    await rm(path)
  },
)
