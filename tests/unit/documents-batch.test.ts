// Documents of one batch: what is known of certificates is worked out once, and nothing is taken over that another question
// would answer otherwise.

import { expect, test, vi } from 'vitest'
import { Batch } from '../../src/certificates/batch.ts'
import { readCertificate } from '../../src/certificates/certificate.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { signCms } from '../../src/documents/signCms.ts'
import { type VerifyDocumentInput, verifyDocument } from '../../src/documents/verifyDocument.ts'
import { crlOf, day, makeAuthority, makePerson, now, serialOf } from './documentsPeople.ts'

const texts = ['one', 'two', 'three'].map((text) => encodeUtf8(`what I say: ${text}`))

async function makeAll() {
  const authority = await makeAuthority()
  const ada = await makePerson(authority, 'Ada', { extKeyUsage: ['emailProtection'] })
  const bob = await makePerson(authority, 'Bob')
  const sign = (who: typeof ada) =>
    Promise.all(
      texts.map(async (content) => ({
        file: new Blob([content]),
        signature: await signCms({ signers: [who], content, detached: true }),
      })),
    )
  const trust = { anchors: [authority.certificate], crls: [await crlOf(authority)] }
  return { authority, ada, bob, sign, trust, at: new Date(now) }
}

const verdictsOf = async (
  documents: readonly Pick<VerifyDocumentInput, 'file' | 'signature'>[],
  asked: Omit<VerifyDocumentInput, 'file' | 'signature'>,
) => {
  const verdicts: unknown[] = []
  for (const one of documents) verdicts.push((await verifyDocument({ ...asked, ...one })).verdict)
  return verdicts
}

test('the chain of one signer is judged once, each signature by itself', async () => {
  const { ada, sign, trust, at } = await makeAll()
  const documents = await sign(ada)
  const checks = vi.spyOn(crypto.subtle, 'verify')
  const asked = { ...trust, at, batch: new Batch() }
  expect(await verdictsOf(documents, asked)).toEqual(['valid', 'valid', 'valid'])
  // Of each document its own; of all together the certificate's and the list's.
  expect(checks).toHaveBeenCalledTimes(3 + 2)
  checks.mockRestore()
  const [first] = documents
  const within = await verifyDocument({ ...asked, ...first, file: first?.file ?? new Blob() })
  const alone = await verifyDocument({ ...trust, at, ...first, file: first?.file ?? new Blob() })
  expect(within).toEqual(alone)
})

test('an altered document among good ones is altered', async () => {
  const { ada, sign, trust, at } = await makeAll()
  const [one, two, three] = await sign(ada)
  const bent = { signature: two?.signature ?? new Uint8Array(), file: new Blob([texts[0] ?? '']) }
  const documents = [one, bent, three].flatMap((document) => document ?? [])
  const verdicts = await verdictsOf(documents, { ...trust, at, batch: new Batch() })
  expect(verdicts).toEqual(['valid', 'altered', 'valid'])
})

test('another signer, anchor, list or time is another question', async () => {
  const { authority, ada, bob, sign, trust, at } = await makeAll()
  const [ours] = await sign(ada)
  const [theirs] = await sign(bob)
  const batch = new Batch()
  const verdict = async (document: typeof ours, more: object = {}) => {
    const file = document?.file ?? new Blob()
    const signature = document?.signature ?? new Uint8Array()
    return (await verifyDocument({ ...trust, at, batch, file, signature, ...more })).verdict
  }
  const revoked = [{ serialNumber: serialOf(bob.certificate), revokedAt: now - 2 * day }]
  expect(await verdict(ours)).toBe('valid')
  expect(await verdict(theirs)).toBe('valid')
  expect(await verdict(theirs, { crls: [await crlOf(authority, revoked)] })).toBe('not-trusted')
  expect(await verdict(ours, { crls: [] })).toBe('incomplete')
  expect(await verdict(ours, { anchors: [(await makeAuthority()).certificate] })).toBe(
    'not-trusted',
  )
  expect(await verdict(ours, { at: new Date(now + 20 * day) })).toBe('not-trusted')
  expect(await verdict(ours, { extKeyUsage: ['codeSigning'] })).toBe('not-trusted')
  expect(await verdict(ours)).toBe('valid')
})

test('a certificate is one snapshot for the same bytes, and another for others', async () => {
  const { ada, bob } = await makeAll()
  const batch = new Batch()
  const der = ada.certificate.slice()
  const first = batch.readCertificate(der)
  expect(first).toEqual(readCertificate(ada.certificate))
  der[der.length - 1] = (der.at(-1) ?? 0) ^ 1
  expect(batch.readCertificate(ada.certificate)).toBe(first)
  expect(batch.readCertificate(der)).not.toBe(first)
  expect(batch.readCertificate(bob.certificate).subject.text).toBe('CN=Bob')
})
