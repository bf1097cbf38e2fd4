// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: the name of the key a data key is wrapped under, as its provider info has it
// (framework/raw-aes-keyring.md, raw-rsa-keyring.md, aws-kms): text, which raw AES follows with the
// lengths of tag and IV and with the IV.

import { type Bytes, concatBytes, equalBytes, uint32 } from '../codec/bytes.ts'
import { decodeUtf8 } from '../codec/text.ts'
import { ivBytes, tagBytes } from './suites.ts'

const aesLengths = concatBytes(uint32(tagBytes * 8), uint32(ivBytes))

/** `null` where it is no text that could be shown. */
export function keyNameOf(providerInfo: Bytes): string | null {
  const nameBytes = providerInfo.byteLength - aesLengths.byteLength - ivBytes
  const lengths = providerInfo.subarray(Math.max(0, nameBytes), -ivBytes)
  const isAes = nameBytes > 0 && equalBytes(lengths, aesLengths)
  return readText(isAes ? providerInfo.subarray(0, nameBytes) : providerInfo)
}

function readText(bytes: Bytes): string | null {
  try {
    const text = decodeUtf8(bytes)
    return /\p{Cc}/u.test(text) ? null : text
  } catch {
    return null
  }
}
