// ui: what the person sees; speaks the protocol like any other client. This file: messages under a passphrase. They
// have no key of the vault, so they are made and opened here.

import { armour, findArmoured } from '../codec/armour.ts'
import { encodeUtf8 } from '../codec/text.ts'
import { buildClient } from '../encryption-sdk/client.ts'
import { describeMessage } from '../encryption-sdk/describe.ts'
import { EncryptionSdkError } from '../encryption-sdk/errors.ts'
import {
  passphraseContext,
  passphraseKeyName,
  passphraseKeyring,
} from '../encryption-sdk/passphraseKeyring.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { messageError } from '../protocol/messageErrors.ts'
import { readable } from './textWork.ts'

const client = buildClient()

/** Unsigned: whoever has the passphrase could sign as well. @returns the message in armour */
export async function encryptUnderPassphrase(text: string, passphrase: string): Promise<string> {
  const { result } = await client.encrypt(passphraseKeyring(passphrase), encodeUtf8(text), {
    suiteId: 0x0478,
    encryptionContext: passphraseContext(),
  })
  return armour(result)
}

/** @throws KeyhearthError `wrong-message-passphrase`, `message-none`, and why a message does not open */
export async function decryptUnderPassphrase(text: string, passphrase: string): Promise<string> {
  const message = findArmoured(text).flatMap((block) => ('bytes' in block ? [block.bytes] : []))[0]
  if (!message || !isUnderPassphrase(message)) throw new KeyhearthError('message-none')
  try {
    const { plaintext } = await client.decrypt(passphraseKeyring(passphrase), message)
    return readable(plaintext)
  } catch (error) {
    if (!(error instanceof EncryptionSdkError)) throw error
    throw error.code === 'no-key'
      ? new KeyhearthError('wrong-message-passphrase')
      : messageError(error)
  }
}

/** @throws EncryptionSdkError where it is no whole message */
export function isUnderPassphrase(message: Uint8Array): boolean {
  const { recipients } = describeMessage(message)
  const { keyNamespace, keyName } = passphraseKeyName
  return recipients.some((one) => one.keyNamespace === keyNamespace && one.keyName === keyName)
}
