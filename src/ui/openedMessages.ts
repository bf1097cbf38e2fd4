// ui: what the person sees; speaks the protocol like any other client. This file: messages encrypted to the person's
// certificates, and what was in them. Nothing of it stays when the vault is locked.

import { effect, signal } from '@preact/signals'
import type { Bytes } from '../codec/bytes.ts'
import {
  cmsIn,
  type DecryptedCms,
  decryptCms,
  EnvelopeError,
  isRecipient,
} from '../documents/index.ts'
import { type KeptCertificate, kept, keyOfArn, loadCertificates } from './certificateList.ts'
import { nameWords } from './certificateWords.ts'
import { decryptorsOf, isEncryptionKey } from './encryptionKeys.ts'
import { status } from './status.ts'
import { isSigned, signedName } from './verifyParts.ts'
import { t } from './words.ts'

type State =
  | { readonly is: 'opening' }
  | { readonly is: 'opened'; readonly message: DecryptedCms; readonly isSigned: boolean }
  | { readonly is: 'failed'; readonly error: unknown }

export interface OpenedMessage {
  readonly id: string
  readonly name: string
  readonly size: number
  readonly state: State
}

export const openedMessages = signal<readonly OpenedMessage[]>([])

effect(() => {
  if (status.value?.Vault !== 'unlocked') openedMessages.value = []
})

const change = (id: string, state: State): void => {
  openedMessages.value = openedMessages.value.map((one) =>
    one.id === id ? { ...one, state } : one,
  )
}

export function removeOpened(id: string): void {
  openedMessages.value = openedMessages.value.filter((one) => one.id !== id)
}

/** One after the other: each may need much memory. */
export async function openMessages(files: readonly File[]): Promise<void> {
  const fresh = files.map((file) => ({ file, id: crypto.randomUUID() }))
  openedMessages.value = [
    ...openedMessages.value,
    ...fresh.map(({ id, file: { name, size } }): OpenedMessage => {
      return { id, name, size, state: { is: 'opening' } }
    }),
  ]
  for (const { id, file } of fresh) {
    try {
      const message = await open(file)
      const { content } = message
      change(id, { is: 'opened', message, isSigned: isSigned(signedName(file.name), content) })
    } catch (error) {
      change(id, { is: 'failed', error })
    }
  }
}

const mostBytes = 720 * 1024 * 1024

/** @throws EnvelopeError, KeyhearthError, DOMException, a sentence */
async function open(file: File): Promise<DecryptedCms> {
  if (file.size > mostBytes) throw new EnvelopeError('too-large')
  const message = cmsIn(new Uint8Array(await file.arrayBuffer()))
  if (typeof message === 'string') {
    throw new EnvelopeError(message === 'too-many' ? message : 'not-enveloped')
  }
  await loadCertificates()
  const own = (kept.value?.certificates ?? []).filter(({ entry }) => entry.Kind === 'own')
  try {
    return await decryptCms(message, decryptorsOf(own, keyOf))
  } catch (error) {
    throw explained(error, message, own)
  }
}

const keyOf = ({ entry }: KeptCertificate) => keyOfArn(entry.KeyId)

/** A key that is kept for signing decrypts nothing, though its certificate may be for both. */
function explained(error: unknown, message: Bytes, own: readonly KeptCertificate[]): unknown {
  if (!(error instanceof EnvelopeError) || error.code !== 'not-a-recipient') return error
  const named = own.find((one) => {
    const key = keyOf(one)
    return key && !isEncryptionKey(key) && isRecipient(message, one.certificate.der)
  })
  return named ? t('opened_signing_key', [nameWords(named.certificate.subject)]) : error
}
