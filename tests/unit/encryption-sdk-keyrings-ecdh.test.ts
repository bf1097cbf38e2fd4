// The raw ECDH keyring: who can open what, and which keys it takes.

import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { encodeUtf8 } from '../../src/codec/text.ts'
import {
  decrypt,
  type EncryptedDataKey,
  encrypt,
  type Keyring,
  rawEcdhKeyring,
} from '../../src/encryption-sdk/index.ts'

const plaintext = encodeUtf8('content')
const options = { suiteId: 0x0478, encryptionContext: { a: 'b' } } as const
const sealed = async (keyring: Keyring) => (await encrypt(keyring, plaintext, options)).result
const code = (value: string) => expect.objectContaining({ code: value })

const newKeys = (namedCurve: string) =>
  crypto.subtle.generateKey({ name: 'ECDH', namedCurve }, false, ['deriveBits'])

/** Sees the data keys with something changed. */
const changing = (
  keyring: Keyring,
  change: (dataKey: EncryptedDataKey) => Partial<EncryptedDataKey>,
): Keyring => ({
  ...keyring,
  onDecrypt: (materials, dataKeys) =>
    keyring.onDecrypt(
      materials,
      dataKeys.map((dataKey) => ({ ...dataKey, ...change(dataKey) })),
    ),
})

describe.each([
  ['ECC_NIST_P256', 'P-256'],
  ['ECC_NIST_P384', 'P-384'],
  ['ECC_NIST_P521', 'P-521'],
] as const)('on %s', (curveSpec, namedCurve) => {
  const toRecipient = (recipientPublicKey: CryptoKey | Uint8Array) =>
    rawEcdhKeyring({
      curveSpec,
      keyAgreement: 'EphemeralPrivateKeyToStaticPublicKey',
      recipientPublicKey,
    })
  const recipient = (recipientStaticKeys: CryptoKeyPair | string) =>
    rawEcdhKeyring({ curveSpec, keyAgreement: 'PublicKeyDiscovery', recipientStaticKeys })
  const between = (senderStaticKeys: CryptoKeyPair | string, recipientPublicKey: CryptoKey) =>
    rawEcdhKeyring({
      curveSpec,
      keyAgreement: 'RawPrivateKeyToStaticPublicKey',
      senderStaticKeys,
      recipientPublicKey,
    })

  test('what goes to a public key, its owner opens, and nobody else', async () => {
    const [keys, others] = [await newKeys(namedCurve), await newKeys(namedCurve)]
    const sender = toRecipient(keys.publicKey)
    const [message, second] = [await sealed(sender), await sealed(sender)]
    expect((await decrypt(recipient(keys), message)).plaintext).toEqual(plaintext)
    expect((await decrypt(recipient(keys), second)).plaintext).toEqual(plaintext)
    const failing = decrypt(recipient(others), message)
    await expect(failing).rejects.toMatchObject({ code: 'no-key', causes: [] })
    await expect(decrypt(sender, message)).rejects.toThrow(code('invalid'))
    await expect(sealed(recipient(keys))).rejects.toThrow(code('invalid'))
  })

  test('what goes between two, both open, and discovery too', async () => {
    const [one, two] = [await newKeys(namedCurve), await newKeys(namedCurve)]
    const third = await newKeys(namedCurve)
    const message = await sealed(between(one, two.publicKey))
    for (const opener of [
      between(one, two.publicKey),
      between(two, one.publicKey),
      recipient(two),
    ]) {
      expect((await decrypt(opener, message)).plaintext).toEqual(plaintext)
    }
    for (const stranger of [between(third, two.publicKey), between(two, third.publicKey)]) {
      await expect(decrypt(stranger, message)).rejects.toMatchObject({ code: 'no-key', causes: [] })
    }
  })

  test('keys are taken as PEM and DER', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve })
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const der = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
    const message = await sealed(toRecipient(der))
    expect((await decrypt(recipient(pem), message)).plaintext).toEqual(plaintext)
    const two = await newKeys(namedCurve)
    const both = await sealed(between(pem, two.publicKey))
    expect((await decrypt(recipient(two), both)).plaintext).toEqual(plaintext)
  })

  test('the context is bound to the data key', async () => {
    const keys = await newKeys(namedCurve)
    const message = await sealed(toRecipient(keys.publicKey))
    const elsewhere: Keyring = {
      ...recipient(keys),
      onDecrypt: (materials, dataKeys) =>
        recipient(keys).onDecrypt({ ...materials, encryptionContext: { a: 'c' } }, dataKeys),
    }
    await expect(decrypt(elsewhere, message)).rejects.toMatchObject({
      code: 'no-key',
      causes: [{ keyNamespace: 'raw-ecdh', cause: { code: 'commitment' } }],
    })
  })

  test('every byte of a data key counts', async () => {
    const keys = await newKeys(namedCurve)
    const message = await sealed(toRecipient(keys.publicKey))
    const flipped = (bytes: Uint8Array, at: number) =>
      Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ 1 : byte))
    const wrappedBytes = 64 + 32 + 16
    for (let at = 0; at < wrappedBytes; at++) {
      const changed = changing(recipient(keys), ({ ciphertext }) => ({
        ciphertext: flipped(ciphertext, at),
      }))
      await expect(decrypt(changed, message)).rejects.toThrow(code('no-key'))
    }
    for (const at of [0, 1, 4, 5, 6, 40, 70]) {
      const changed = changing(recipient(keys), ({ providerInfo }) => ({
        providerInfo: flipped(providerInfo, at),
      }))
      await expect(decrypt(changed, message)).rejects.toThrow(code('no-key'))
    }
    for (const cut of [0, 1, 5, 20, -1]) {
      for (const field of ['providerInfo', 'ciphertext'] as const) {
        const changed = changing(recipient(keys), (dataKey) => ({
          [field]: dataKey[field].slice(0, cut),
        }))
        await expect(decrypt(changed, message)).rejects.toThrow(code('no-key'))
      }
    }
  })

  test('a sender that is no point of the curve is refused', async () => {
    const keys = await newKeys(namedCurve)
    const message = await sealed(toRecipient(keys.publicKey))
    const nowhere = changing(recipient(keys), ({ providerInfo }) => {
      const pointBytes = (providerInfo.byteLength - 9) / 2
      return { providerInfo: providerInfo.slice().fill(0xff, -pointBytes + 1) }
    })
    await expect(decrypt(nowhere, message)).rejects.toMatchObject({
      code: 'no-key',
      causes: [{ cause: { code: 'malformed' } }],
    })
  })

  test('keys of another curve, for something else, or of two pairs are refused', async () => {
    const other = await newKeys(namedCurve === 'P-256' ? 'P-384' : 'P-256')
    const [one, two] = [await newKeys(namedCurve), await newKeys(namedCurve)]
    const signing = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve }, true, ['sign'])
    expect(() => toRecipient(other.publicKey)).toThrow(code('invalid'))
    expect(() => toRecipient(one.privateKey)).toThrow(code('invalid'))
    expect(() => toRecipient(signing.publicKey)).toThrow(code('invalid'))
    expect(() => recipient(other)).toThrow(code('invalid'))
    expect(() => recipient(signing)).toThrow(code('invalid'))
    await expect(sealed(toRecipient(new Uint8Array(91)))).rejects.toThrow(code('invalid'))
    const mixed = { privateKey: one.privateKey, publicKey: two.publicKey }
    await expect(sealed(between(mixed, two.publicKey))).rejects.toThrow(code('invalid'))
    await expect(sealed(between('no PEM', two.publicKey))).rejects.toThrow(code('invalid'))
  })
})

test('another curve or key agreement is refused', async () => {
  const { publicKey: recipientPublicKey } = await newKeys('P-256')
  const keyAgreement = 'EphemeralPrivateKeyToStaticPublicKey'
  const known = { curveSpec: 'ECC_NIST_P256', keyAgreement, recipientPublicKey } as const
  for (const other of [{ curveSpec: 'toString' }, { keyAgreement: 'Other' }]) {
    expect(() => rawEcdhKeyring({ ...known, ...other } as typeof known)).toThrow(code('invalid'))
  }
})
