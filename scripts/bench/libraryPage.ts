// The bench: in a page, Keyhearth's library beside others on the same bytes, in turns. AWS's stands in
// `window.aws` (scripts/bench/libraries.ts); age and OpenPGP.js come with this script.

import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import * as openpgp from 'openpgp'
import { decrypt, encrypt, rawAesKeyring, type SuiteId } from '../../src/encryption-sdk/index.ts'
import { randomBytes } from './bare/randomBytes.ts'
import { inTurns, type Pairs, type Work } from './bare/turns.ts'

/** AWS's library for browsers, over a raw AES key, with the same suite. */
interface AwsLibrary {
  encrypt(plaintext: Uint8Array, signed: boolean): Promise<Uint8Array>
  decrypt(message: Uint8Array): Promise<Uint8Array>
}
declare global {
  interface Window {
    aws: AwsLibrary
    measureLibrary: typeof measureLibrary
  }
}

export interface LibraryCase {
  readonly against: 'aws' | 'age' | 'openpgp'
  readonly work: 'encrypt' | 'decrypt'
  readonly bytes: number
  readonly signed: boolean
  readonly rounds: number
}

type Sides = { readonly [Name in LibraryCase['work']]: Work }

async function ourSides(plaintext: Uint8Array, suiteId: SuiteId): Promise<Sides> {
  const wrappingKey = randomBytes(32)
  const keyring = rawAesKeyring({ keyNamespace: 'bench', keyName: 'bench', wrappingKey })
  const { result } = await encrypt(keyring, plaintext, { suiteId })
  return {
    encrypt: () => encrypt(keyring, plaintext, { suiteId }),
    decrypt: () => decrypt(keyring, result),
  }
}

async function awsSides(plaintext: Uint8Array, signed: boolean): Promise<Sides> {
  const message = await window.aws.encrypt(plaintext, signed)
  return {
    encrypt: () => window.aws.encrypt(plaintext, signed),
    decrypt: () => window.aws.decrypt(message),
  }
}

async function ageSides(plaintext: Uint8Array): Promise<Sides> {
  const identity = await generateX25519Identity()
  const encrypter = new Encrypter()
  encrypter.addRecipient(await identityToRecipient(identity))
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  const sealed = await encrypter.encrypt(plaintext)
  return { encrypt: () => encrypter.encrypt(plaintext), decrypt: () => decrypter.decrypt(sealed) }
}

async function openpgpSides(plaintext: Uint8Array): Promise<Sides> {
  const userIDs = [{ name: 'bench', email: 'bench@keyhearth.example' }]
  const pair = await openpgp.generateKey({ type: 'curve25519', userIDs, format: 'object' })
  const seal = async () =>
    openpgp.encrypt({
      message: await openpgp.createMessage({ binary: plaintext }),
      encryptionKeys: pair.publicKey,
      format: 'binary',
    })
  const sealed = await seal()
  const open = async () =>
    openpgp.decrypt({
      message: await openpgp.readMessage({ binaryMessage: sealed }),
      decryptionKeys: pair.privateKey,
      format: 'binary',
    })
  return { encrypt: seal, decrypt: open }
}

async function measureLibrary(one: LibraryCase): Promise<Pairs> {
  const plaintext = randomBytes(one.bytes)
  const ours = await ourSides(plaintext, one.signed ? 0x0578 : 0x0478)
  const theirs = await {
    aws: () => awsSides(plaintext, one.signed),
    age: () => ageSides(plaintext),
    openpgp: () => openpgpSides(plaintext),
  }[one.against]()
  return inTurns(ours[one.work], theirs[one.work], one.rounds)
}

window.measureLibrary = measureLibrary
