// kms: keys, their states and what is done under them; one file per family of operations.
// This file: messages between people: data keys under what the identities of two people agree on (AWS KMS ECDH
// keyring, static to static), so that the one who reads knows who wrote.
//
// Whoever can read a message knows its data key, and could put another body under the same data keys. What keeps
// a reader from passing their own words on as the sender's is the signature: its public key stands in the
// encryption context, which each of the data keys authenticates, and its private key was gone once the message
// was made. So messages to people are signed unless the caller asks for a suite that is not.

import type { Bytes } from '../codec/bytes.ts'
import { equalBytes } from '../codec/bytes.ts'
import {
  type Keyring,
  type KmsEcdhClient,
  kmsEcdhKeyring,
  rawEcdhKeyring,
} from '../encryption-sdk/index.ts'
import type { Context } from '../hsm/context.ts'
import { fingerprintOf } from '../hsm/fingerprint.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { Sender } from '../protocol/outputs.ts'
import { deriveSharedSecret } from './agreement.ts'
import { agreementKey } from './identity.ts'
import { arnOf, type KeyRecord } from './keys.ts'
import { viaMessages } from './messageCallers.ts'
import { personNamed, provenCard } from './people.ts'
import { allPeople } from './peopleRecords.ts'
import { getPublicKey, publicKeyOf } from './signing.ts'

/** Either opens what the other made. */
export const ecdhProviderIds: ReadonlySet<string> = new Set(['aws-kms-ecdh', 'raw-ecdh'])
const curveSpec = 'ECC_NIST_P256'

/** @param agreed told the public key before each agreement */
function clientFor(context: Context, agreed: (publicKey: Bytes) => void = () => {}): KmsEcdhClient {
  const acting = { ...context, via: viaMessages }
  return {
    getPublicKey: (input) => getPublicKey(acting, input),
    deriveSharedSecret: (input) => {
      agreed(input.PublicKey)
      return deriveSharedSecret(acting, input)
    },
  }
}

/** One for each; they wrap a data key that there is already. @throws KeyhearthError `person-not-found` */
export async function recipientKeyrings(
  context: Context,
  personIds: readonly string[],
): Promise<readonly Keyring[]> {
  if (personIds.length === 0) return []
  if (context.principal.kind === 'page') throw new KeyhearthError('not-allowed')
  const own = await agreementKey(context)
  if (!own) throw new KeyhearthError('person-not-found')
  const people = await Promise.all(
    [...new Set(personIds)].map((personId) => personNamed(context, personId)),
  )
  return people.map((person) =>
    kmsEcdhKeyring({
      client: clientFor(context),
      curveSpec,
      keyAgreement: 'KmsPrivateKeyToStaticPublicKey',
      senderKmsIdentifier: arnOf(own),
      senderPublicKey: publicKeyOf(own),
      recipientPublicKey: person.agreementKey,
    }),
  )
}

/**
 * For whoever has these cards, from nobody in particular: with a key that is made for the message and thrown away
 * (raw ECDH keyring, ephemeral to static).
 * @throws KeyhearthError `card-malformed`
 */
export const cardKeyrings = (cards: readonly string[]): Promise<readonly Keyring[]> =>
  Promise.all(
    cards.map(async (card) =>
      rawEcdhKeyring({
        curveSpec,
        keyAgreement: 'EphemeralPrivateKeyToStaticPublicKey',
        recipientPublicKey: (await provenCard(card)).agreementKey,
      }),
    ),
  )

/** What opens messages from people, and who sent the one it opened. */
export interface FromPeople {
  readonly keyring: Keyring
  readonly keyArn: string
  /** `null` as well for a message that is not signed. */
  sender(): Promise<Sender | null>
}

/** @returns `null` where the person has no identity yet */
export async function fromPeople(context: Context): Promise<FromPeople | null> {
  const own = await agreementKey(context)
  if (!own) return null
  let opened = false
  let last: Bytes | null = null
  const discovering = kmsEcdhKeyring({
    client: clientFor(context, (publicKey) => {
      last = publicKey
    }),
    curveSpec,
    keyAgreement: 'KmsPublicKeyDiscovery',
    recipientKmsIdentifier: arnOf(own),
    recipientPublicKey: publicKeyOf(own),
  })
  return {
    keyArn: arnOf(own),
    keyring: {
      onEncrypt: discovering.onEncrypt,
      async onDecrypt(materials, encryptedDataKeys) {
        const result = await discovering.onDecrypt(materials, encryptedDataKeys)
        // Without a signature any reader could have put these words there.
        opened = result.plaintextDataKey !== null && materials.suite.signature !== null
        return result
      },
    },
    // Data keys are tried one after the other, and the first that opens is the last that was agreed on.
    sender: async () => (opened && last ? senderOf(context, own, last) : null),
  }
}

async function senderOf(context: Context, own: KeyRecord, key: Bytes): Promise<Sender | null> {
  if (equalBytes(publicKeyOf(own), key)) return null
  const person = (await allPeople(context)).find((one) => equalBytes(one.agreementKey, key))
  if (!person) return { PersonId: null, Name: '', Verified: false, Fingerprint: [] }
  return {
    PersonId: person.personId,
    Name: person.name,
    Verified: person.verified,
    Fingerprint: fingerprintOf(person.agreementKey, person.signingKey),
  }
}
