// Two people who know each other, for tests.

import { type Bytes, unshared } from '../../src/codec/bytes.ts'
import { parseHeader } from '../../src/encryption-sdk/header.ts'
import { kmsEcdhKeyring } from '../../src/encryption-sdk/index.ts'
import { suiteOf } from '../../src/encryption-sdk/suites.ts'
import type { Background } from './background.ts'

export async function introduce(vault: Background, Name: string): Promise<void> {
  await vault.call('keyhearth:SetIdentityName', { Name })
}

/** Each takes the other's card. @returns the second at the first's, and the first at the second's */
export async function exchange(
  one: Background,
  other: Background,
): Promise<[otherAtOnes: string, oneAtOthers: string]> {
  const cardOf = async (vault: Background) =>
    (await vault.call('keyhearth:GetIdentity', {})).Identity?.Card ?? ''
  const [first, second] = [await cardOf(one), await cardOf(other)]
  return [
    (await one.call('keyhearth:ImportPerson', { Card: second })).PersonId,
    (await other.call('keyhearth:ImportPerson', { Card: first })).PersonId,
  ]
}

/** The data key of a message that a person can read, by their own KMS: what a dishonest reader would use. */
export async function dataKeyOf(vault: Background, message: Bytes): Promise<Bytes> {
  const { header } = parseHeader(message, 64)
  const { KeyMetadata } = await vault.call('kms:DescribeKey', { KeyId: 'alias/identity-agreement' })
  const keyring = kmsEcdhKeyring({
    client: {
      getPublicKey: (input) => vault.call('kms:GetPublicKey', input),
      deriveSharedSecret: (input) => vault.call('kms:DeriveSharedSecret', input),
    },
    curveSpec: 'ECC_NIST_P256',
    keyAgreement: 'KmsPublicKeyDiscovery',
    recipientKmsIdentifier: KeyMetadata.Arn,
  })
  const { plaintextDataKey } = await keyring.onDecrypt(
    {
      suite: suiteOf(header.suiteId),
      encryptionContext: header.encryptionContext,
      requiredEncryptionContextKeys: [],
      plaintextDataKey: null,
      verificationKey: null,
    },
    header.encryptedDataKeys,
  )
  if (!plaintextDataKey) throw new Error('the message is not for them')
  return unshared(plaintextDataKey)
}
