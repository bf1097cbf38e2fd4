// ui: what the person sees; speaks the protocol like any other client. This file: the documents the person gave to be
// encrypted, and to whose certificates.

import { computed, effect, signal } from '@preact/signals'
import { type Certificate, readCertificates, sameCertificate } from '../certificates/index.ts'
import type { Bytes } from '../codec/bytes.ts'
import { canEncryptTo, EnvelopeError, encryptCms, type SealingCipher } from '../documents/index.ts'
import { fingerprintText, isAuthority, kept } from './certificateList.ts'
import { documentJobs } from './documentJobs.ts'
import { status } from './status.ts'

export const encrypting = documentJobs()

export interface Recipient {
  readonly certificate: Certificate
  readonly fingerprint: string
  /** `file`: the person has not said that they trust it. */
  readonly from: 'own' | 'issued' | 'trusted' | 'file'
}

const brought = signal<readonly Recipient[]>([])
/** By their fingerprints. */
export const chosen = signal<ReadonlySet<string>>(new Set())

effect(() => {
  if (status.value?.Vault === 'unlocked') return
  brought.value = []
  chosen.value = new Set()
  encrypting.clear()
})

/** Whom something can be encrypted to: who is kept here, and who was brought in for this. */
export const recipients = computed<readonly Recipient[]>(() => {
  const here = (kept.value?.certificates ?? []).flatMap(
    ({ certificate, fingerprint, entry: { Kind } }): Recipient[] =>
      Kind !== 'signer' && canEncryptTo(certificate)
        ? [{ certificate, fingerprint, from: Kind }]
        : [],
  )
  const all = [...here, ...brought.value]
  // One's own that one's own authority issued is kept twice; own comes first.
  const order = ['own', 'issued', 'trusted', 'file']
  return all
    .toSorted((a, b) => order.indexOf(a.from) - order.indexOf(b.from))
    .filter(
      (one, at, sorted) =>
        sorted.findIndex(({ certificate }) => sameCertificate(certificate, one.certificate)) === at,
    )
})

export function choose(fingerprint: string, isChosen: boolean): void {
  const next = new Set(chosen.value)
  if (isChosen) next.add(fingerprint)
  else next.delete(fingerprint)
  chosen.value = next
}

const mostFileBytes = 16 * 1024 * 1024

/**
 * Of a chain, whoever stands at its end.
 * @throws EnvelopeError `unfit-certificate`, CertificateError, DOMException
 */
export async function bringRecipients(file: File): Promise<void> {
  if (file.size > mostFileBytes) throw new EnvelopeError('too-large')
  const all = readCertificates(new Uint8Array(await file.arrayBuffer()))
  const fit = all.filter(canEncryptTo)
  const people = fit.filter((one) => !isAuthority(one))
  const found = people.length > 0 ? people : fit
  if (found.length === 0) throw new EnvelopeError('unfit-certificate')
  for (const certificate of found) {
    const fingerprint = await fingerprintText(certificate)
    brought.value = [...brought.value, { certificate, fingerprint, from: 'file' }]
    choose(fingerprint, true)
  }
}

/** Programs that know no other than AES-CBC mostly know no OAEP. The person's own keys in the vault do nothing else. */
const notOwn = (to: readonly Recipient[]): readonly Bytes[] =>
  to.filter(({ from }) => from !== 'own').map(({ certificate }) => certificate.der)

export const encryptAll = (to: readonly Recipient[], cipher: SealingCipher): Promise<void> =>
  encrypting.run(async (file) => {
    const content = new Uint8Array(await file.arrayBuffer())
    const message = await encryptCms({
      content,
      recipients: to.map(({ certificate }) => certificate.der),
      cipher,
      ...(cipher === 'AES-256-CBC' ? { oldPadding: notOwn(to) } : {}),
    })
    return {
      name: `${file.name}.p7m`,
      content: new Blob([message], { type: 'application/pkcs7-mime' }),
    }
  })
