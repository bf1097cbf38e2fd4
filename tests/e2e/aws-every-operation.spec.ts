// Each of KMS's operations, by AWS's own client in a page. What an operation means is tested elsewhere; here
// it is that the client's call arrives and its answer comes back whole, as the client types it.

import type { Page } from '@playwright/test'
import { kmsOperations } from '../../src/protocol/kmsOperations.ts'
import { openWithClient } from './awsPage.ts'
import { expect, test } from './keyhearth.ts'

declare global {
  interface Window {
    client: import('@aws-sdk/client-kms').KMS
    sent: Set<string>
    keyOf(input: import('@aws-sdk/client-kms').CreateKeyCommandInput): Promise<string>
    failure(promise: Promise<unknown>): Promise<string>
    same(one: unknown, other: unknown): boolean
  }
}

/** One client that notes the name of every command. Runs in the page. */
function prepare(): void {
  const client = window.newClient()
  window.sent = new Set()
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        window.sent.add(String(commandName).replace(/Command$/, ''))
        return next(args)
      },
    { step: 'initialize' },
  )
  window.client = client
  window.keyOf = async (input) => (await client.createKey(input)).KeyMetadata?.KeyId ?? ''
  window.failure = (promise) =>
    promise.then(
      () => 'none',
      (error) => error.name,
    )
  window.same = (one, other) =>
    one instanceof Uint8Array && one.length > 0 && String(one) === String(other)
}

const symmetric = (page: Page) =>
  page.evaluate(async () => {
    const { client, same, keyOf } = window
    const KeyId = await keyOf({})
    const other = await keyOf({})
    const EncryptionContext = { purpose: 'test' }
    const Plaintext = new TextEncoder().encode('plain')
    const sealed = await client.encrypt({ KeyId, Plaintext, EncryptionContext })
    const opened = await client.decrypt({
      CiphertextBlob: sealed.CiphertextBlob,
      EncryptionContext,
    })
    const moved = await client.reEncrypt({
      CiphertextBlob: sealed.CiphertextBlob,
      SourceEncryptionContext: EncryptionContext,
      DestinationKeyId: other,
    })
    const again = await client.decrypt({ CiphertextBlob: moved.CiphertextBlob })
    const dataKey = await client.generateDataKey({ KeyId, NumberOfBytes: 24 })
    const sealedKey = await client.generateDataKeyWithoutPlaintext({ KeyId, KeySpec: 'AES_128' })
    const openedKey = await client.decrypt({ CiphertextBlob: sealedKey.CiphertextBlob })
    const pair = await client.generateDataKeyPair({ KeyId, KeyPairSpec: 'ECC_NIST_P256' })
    const openedPair = await client.decrypt({ CiphertextBlob: pair.PrivateKeyCiphertextBlob })
    const sealedPair = await client.generateDataKeyPairWithoutPlaintext({
      KeyId,
      KeyPairSpec: 'ECC_NIST_P256',
    })
    const random = await client.generateRandom({ NumberOfBytes: 1024 })
    return {
      decrypt: same(opened.Plaintext, Plaintext) && opened.EncryptionAlgorithm,
      reEncrypt: same(again.Plaintext, Plaintext) && again.KeyId === moved.KeyId,
      generateDataKey: dataKey.Plaintext?.length,
      generateDataKeyWithoutPlaintext: openedKey.Plaintext?.length,
      generateDataKeyPair: same(openedPair.Plaintext, pair.PrivateKeyPlaintext),
      generateDataKeyPairWithoutPlaintext: 'PrivateKeyPlaintext' in sealedPair,
      publicKeys: [pair.PublicKey?.[0], sealedPair.PublicKey?.[0]],
      generateRandom: random.Plaintext?.length,
    }
  })

const asymmetric = (page: Page) =>
  page.evaluate(async () => {
    const { client, same, keyOf, failure } = window
    const Message = new TextEncoder().encode('a message')
    const signer = { KeyId: await keyOf({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }) }
    const ecdsa = { ...signer, SigningAlgorithm: 'ECDSA_SHA_256', Message } as const
    const { Signature } = await client.sign(ecdsa)
    const verified = await client.verify({ ...ecdsa, Signature })
    const other = { ...ecdsa, Signature, Message: new Uint8Array(1) }
    const published = await client.getPublicKey(signer)
    const mac = {
      KeyId: await keyOf({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }),
      MacAlgorithm: 'HMAC_SHA_256',
      Message,
    } as const
    const { Mac } = await client.generateMac(mac)
    const checked = await client.verifyMac({ ...mac, Mac })
    const mine = await keyOf({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' })
    const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, [
      'deriveBits',
    ])
    const agreed = await client.deriveSharedSecret({
      KeyId: mine,
      KeyAgreementAlgorithm: 'ECDH',
      PublicKey: new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey)),
    })
    const { PublicKey = new Uint8Array() } = await client.getPublicKey({ KeyId: mine })
    const curve = { name: 'ECDH', namedCurve: 'P-256' }
    const theirs = await crypto.subtle.importKey('spki', new Uint8Array(PublicKey), curve, true, [])
    const agreement = { name: 'ECDH', public: theirs }
    const expected = await crypto.subtle.deriveBits(agreement, pair.privateKey, 256)
    const kem = {
      KeyId: await keyOf({ KeySpec: 'ML_KEM_768', KeyUsage: 'ENCAPSULATE_DECAPSULATE' }),
      EncapsulationAlgorithm: 'ML_KEM',
    } as const
    const { SharedSecret, SharedSecretCiphertextBlob } = await client.encapsulate(kem)
    const decapsulated = await client.decapsulate({ ...kem, SharedSecretCiphertextBlob })
    return {
      verify: [verified.SignatureValid, await failure(client.verify(other))],
      getPublicKey: [published.KeySpec, published.SigningAlgorithms],
      verifyMac: checked.MacValid,
      deriveSharedSecret: same(agreed.SharedSecret, new Uint8Array(expected)),
      decapsulate: same(decapsulated.SharedSecret, SharedSecret),
    }
  })

const life = (page: Page) =>
  page.evaluate(async () => {
    const { client, keyOf, failure } = window
    const key = { KeyId: await keyOf({ Description: 'first' }) }
    const state = async () => (await client.describeKey(key)).KeyMetadata?.KeyState
    await client.updateKeyDescription({ ...key, Description: 'second' })
    const described = (await client.describeKey(key)).KeyMetadata?.Description
    await client.disableKey(key)
    const states = [await state()]
    await client.enableKey(key)
    states.push(await state())
    await client.enableKeyRotation({ ...key, RotationPeriodInDays: 100 })
    const rotating = await client.getKeyRotationStatus(key)
    await client.disableKeyRotation(key)
    const still = await client.getKeyRotationStatus(key)
    await client.rotateKeyOnDemand(key)
    const rotations = await client.listKeyRotations({
      ...key,
      IncludeKeyMaterial: 'ALL_KEY_MATERIAL',
    })
    await client.encrypt({ ...key, Plaintext: new Uint8Array(1) })
    const used = await client.getKeyLastUsage(key)
    const scheduled = await client.scheduleKeyDeletion({ ...key, PendingWindowInDays: 7 })
    states.push(await state())
    await client.cancelKeyDeletion(key)
    states.push(await state())
    const listed = await client.listKeys({ Limit: 1 })
    const next = await client.listKeys({ Limit: 1, Marker: listed.NextMarker })
    return {
      described,
      states,
      rotation: [
        rotating.KeyRotationEnabled,
        rotating.RotationPeriodInDays,
        still.KeyRotationEnabled,
      ],
      nextRotation: rotating.NextRotationDate instanceof Date,
      rotations: rotations.Rotations?.map(({ KeyMaterialState }) => KeyMaterialState).sort(),
      used: [used.KeyLastUsage?.Operation, used.KeyLastUsage?.Timestamp instanceof Date],
      days: Math.round((Number(scheduled.DeletionDate) - Date.now()) / 86_400_000),
      pages: [
        listed.Keys?.length,
        listed.Truncated,
        next.Keys?.[0]?.KeyId === listed.Keys?.[0]?.KeyId,
      ],
      twice: await failure(client.cancelKeyDeletion(key)),
    }
  })

const names = (page: Page) =>
  page.evaluate(async () => {
    const { client, keyOf } = window
    const [KeyId, TargetKeyId] = [await keyOf({}), await keyOf({})]
    const AliasName = 'alias/of-the-page'
    await client.createAlias({ AliasName, TargetKeyId: KeyId })
    await client.updateAlias({ AliasName, TargetKeyId })
    const { Aliases } = await client.listAliases({ KeyId: TargetKeyId })
    const found = (await client.describeKey({ KeyId: AliasName })).KeyMetadata?.KeyId
    await client.deleteAlias({ AliasName })
    const Tags = [
      { TagKey: 'kept', TagValue: '1' },
      { TagKey: 'dropped', TagValue: '' },
    ]
    await client.tagResource({ KeyId, Tags })
    await client.untagResource({ KeyId, TagKeys: ['dropped'] })
    return {
      aliases: Aliases?.map((one) => [one.AliasName, one.LastUpdatedDate instanceof Date]),
      found: found === TargetKeyId,
      left: (await client.listAliases({ KeyId: TargetKeyId })).Aliases,
      tags: (await client.listResourceTags({ KeyId })).Tags,
    }
  })

const rights = (page: Page) =>
  page.evaluate(async () => {
    const { client, keyOf } = window
    const KeyId = await keyOf({})
    const { Policy = '' } = await client.getKeyPolicy({ KeyId })
    const policy = JSON.parse(Policy)
    policy.Statement[0].Sid = 'renamed'
    await client.putKeyPolicy({ KeyId, Policy: JSON.stringify(policy) })
    const Operations = ['Encrypt', 'RetireGrant'] as const
    const grant = () =>
      client.createGrant({
        KeyId,
        GranteePrincipal: location.origin,
        RetiringPrincipal: location.origin,
        Operations: [...Operations],
        Constraints: { EncryptionContextSubset: { to: 'Ada' } },
      })
    const [first, second] = [await grant(), await grant()]
    const { Grants } = await client.listGrants({ KeyId })
    const retirable = await client.listRetirableGrants({ RetiringPrincipal: location.origin })
    await client.retireGrant({ GrantToken: first.GrantToken })
    await client.revokeGrant({ KeyId, GrantId: second.GrantId })
    return {
      names: (await client.listKeyPolicies({ KeyId })).PolicyNames,
      sid: JSON.parse((await client.getKeyPolicy({ KeyId })).Policy ?? '').Statement[0].Sid,
      grants: Grants?.map(({ Operations: allowed, Constraints }) => [allowed, Constraints]),
      retirable: retirable.Grants?.length,
      left: (await client.listGrants({ KeyId })).Grants,
    }
  })

const imports = (page: Page) =>
  page.evaluate(async () => {
    const { client, keyOf, same } = window
    const KeyId = await keyOf({ Origin: 'EXTERNAL' })
    const {
      ImportToken,
      PublicKey = new Uint8Array(),
      ParametersValidTo,
    } = await client.getParametersForImport({
      KeyId,
      WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
      WrappingKeySpec: 'RSA_2048',
    })
    const oaep = { name: 'RSA-OAEP', hash: 'SHA-256' }
    const spki = new Uint8Array(PublicKey)
    const wrapping = await crypto.subtle.importKey('spki', spki, oaep, false, ['encrypt'])
    const material = crypto.getRandomValues(new Uint8Array(32))
    const input = {
      KeyId,
      ImportToken,
      EncryptedKeyMaterial: new Uint8Array(await crypto.subtle.encrypt(oaep, wrapping, material)),
      ValidTo: new Date(Date.now() + 3_600_000),
    }
    await client.importKeyMaterial(input)
    const Plaintext = Uint8Array.of(1)
    const { CiphertextBlob } = await client.encrypt({ KeyId, Plaintext })
    const { KeyMetadata } = await client.describeKey({ KeyId })
    await client.deleteImportedKeyMaterial({ KeyId })
    const without = (await client.describeKey({ KeyId })).KeyMetadata?.KeyState
    await client.importKeyMaterial(input)
    return {
      valid: ParametersValidTo instanceof Date,
      expires: KeyMetadata?.ValidTo instanceof Date && KeyMetadata.ExpirationModel,
      without,
      back: same((await client.decrypt({ CiphertextBlob })).Plaintext, Plaintext),
    }
  })

const places = (page: Page) =>
  page.evaluate(async () => {
    const { client, keyOf, failure } = window
    const { CustomKeyStores: [store] = [] } = await client.describeCustomKeyStores({})
    const CustomKeyStoreId = store?.CustomKeyStoreId
    const KeyId = await keyOf({ MultiRegion: true })
    return {
      store: [store?.ConnectionState, store?.CustomKeyStoreType],
      connect: await failure(client.connectCustomKeyStore({ CustomKeyStoreId })),
      disconnect: await failure(client.disconnectCustomKeyStore({ CustomKeyStoreId })),
      update: await failure(client.updateCustomKeyStore({ CustomKeyStoreId })),
      delete: await failure(client.deleteCustomKeyStore({ CustomKeyStoreId })),
      create: await failure(client.createCustomKeyStore({ CustomKeyStoreName: 'another' })),
      multiRegion: KeyId.startsWith('mrk-'),
      replicate: await failure(client.replicateKey({ KeyId, ReplicaRegion: 'browser-1' })),
      primary: await failure(client.updatePrimaryRegion({ KeyId, PrimaryRegion: 'eu-west-1' })),
    }
  })

test('every operation of KMS, by the official client', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await openWithClient(keyhearth, site.origin)
  await page.evaluate(prepare)
  expect.soft(await symmetric(page)).toEqual({
    decrypt: 'SYMMETRIC_DEFAULT',
    reEncrypt: true,
    generateDataKey: 24,
    generateDataKeyWithoutPlaintext: 16,
    generateDataKeyPair: true,
    generateDataKeyPairWithoutPlaintext: false,
    publicKeys: [0x30, 0x30],
    generateRandom: 1024,
  })
  expect.soft(await asymmetric(page)).toEqual({
    verify: [true, 'KMSInvalidSignatureException'],
    getPublicKey: ['ECC_NIST_P256', ['ECDSA_SHA_256']],
    verifyMac: true,
    deriveSharedSecret: true,
    decapsulate: true,
  })
  expect.soft(await life(page)).toEqual({
    described: 'second',
    states: ['Disabled', 'Enabled', 'PendingDeletion', 'Disabled'],
    rotation: [true, 100, false],
    nextRotation: true,
    rotations: ['CURRENT', 'NON_CURRENT'],
    used: ['Encrypt', true],
    days: 7,
    pages: [1, true, false],
    twice: 'KMSInvalidStateException',
  })
  expect.soft(await names(page)).toEqual({
    aliases: [['alias/of-the-page', true]],
    found: true,
    left: [],
    tags: [{ TagKey: 'kept', TagValue: '1' }],
  })
  const granted = [['Encrypt', 'RetireGrant'], { EncryptionContextSubset: { to: 'Ada' } }]
  expect.soft(await rights(page)).toEqual({
    names: ['default'],
    sid: 'renamed',
    grants: [granted, granted],
    retirable: 2,
    left: [],
  })
  expect.soft(await imports(page)).toEqual({
    valid: true,
    expires: 'KEY_MATERIAL_EXPIRES',
    without: 'PendingImport',
    back: true,
  })
  expect.soft(await places(page)).toEqual({
    store: ['CONNECTED', 'AWS_CLOUDHSM'],
    connect: 'CustomKeyStoreInvalidStateException',
    disconnect: 'CustomKeyStoreInvalidStateException',
    update: 'CustomKeyStoreInvalidStateException',
    delete: 'CustomKeyStoreInvalidStateException',
    create: 'CloudHsmClusterNotFoundException',
    multiRegion: true,
    replicate: 'AlreadyExistsException',
    primary: 'ValidationException',
  })
  const sent = await page.evaluate(() => [...window.sent].sort())
  const all = Object.keys(kmsOperations).map((name) => name.replace('kms:', ''))
  expect(sent).toEqual(all.sort())
  expect(sent).toHaveLength(56)
})
