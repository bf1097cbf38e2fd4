// encryption-sdk: the AWS Encryption SDK's message format, suites and keyrings; pure, runs anywhere.
// This file: RSAES-PKCS1-v1_5 (RFC 8017 section 7.2), for messages of old. WebCrypto does not have it, and
// JavaScript's big integers take a time that depends on the private key: so it is the platform's, where it
// has one (Node), or nobody's (browsers). Nothing is imported: a browser would not find it.

import type { Bytes } from '../codec/bytes.ts'
import { EncryptionSdkError } from './errors.ts'
import { decodePem } from './pem.ts'

type NodeCrypto = typeof import('node:crypto')
type NodeKey = ReturnType<NodeCrypto['createPublicKey']>

const leastBits = 2048

/** @throws EncryptionSdkError `unsupported` */
function platform(): NodeCrypto {
  const host: { readonly process?: Partial<Pick<NodeJS.Process, 'getBuiltinModule'>> } = globalThis
  const found = host.process?.getBuiltinModule?.('node:crypto')
  if (found) return found
  throw new EncryptionSdkError(
    'unsupported',
    'This platform has no RSA with PKCS #1 v1.5 padding, and it is not safe without one. Node has it.',
  )
}

function assertBits(key: NodeKey): NodeKey {
  const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType !== 'rsa' || modulusLength < leastBits) {
    throw new EncryptionSdkError('invalid', `An RSA key of ${leastBits} bits or more is needed.`)
  }
  return key
}

function readKey(read: () => NodeKey): NodeKey {
  try {
    return read()
  } catch {
    throw new EncryptionSdkError('invalid', 'The PEM holds no RSA key.')
  }
}

/** @throws EncryptionSdkError `invalid`, `unsupported` */
export function pkcs1Encryption(pem: string): (plaintext: Bytes) => Bytes {
  const { constants, createPublicKey, publicEncrypt } = platform()
  const der = decodePem('spki', pem)
  const padding = constants.RSA_PKCS1_PADDING
  const key = assertBits(
    readKey(() => createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' })),
  )
  return (plaintext) => new Uint8Array(publicEncrypt({ key, padding }, plaintext))
}

/**
 * What is returned throws the same for whatever is wrong with a ciphertext: telling wrong padding from
 * another failure opens messages (RFC 8017 section 7.2, note).
 * @throws EncryptionSdkError `invalid`, `unsupported`
 */
export function pkcs1Decryption(pem: string): (ciphertext: Bytes) => Bytes {
  const { constants, createPrivateKey, privateDecrypt } = platform()
  const der = decodePem('pkcs8', pem)
  const padding = constants.RSA_PKCS1_PADDING
  const key = assertBits(
    readKey(() => createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' })),
  )
  return (ciphertext) => {
    try {
      return new Uint8Array(privateDecrypt({ key, padding }, ciphertext))
    } catch {
      throw new EncryptionSdkError('no-key', 'Not under this private key with this padding.')
    }
  }
}
