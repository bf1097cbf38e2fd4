// A page uses the security module's own operations on its own keys, in the real browser: what it encrypts there, the
// browser's own cryptography cannot tell from any other.

import { createDecipheriv } from 'node:crypto'
import { connect, expect, operate, test } from './keyhearth.ts'

const operations = [
  'HsmEncrypt',
  'HsmDecrypt',
  'HsmWrapKey',
  'HsmUnwrapKey',
  'HsmDerive',
  'HsmDigest',
] as const

test('a page with the right encrypts, wraps and derives', async ({ keyhearth, site }) => {
  await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin, 'Allow on this site', ['messages', 'keys'])
  const seen = await page.evaluate(async () => {
    const { keyhearth } = window
    const make = async (KeySpec: string, KeyUsage: string) => {
      const headers = { 'x-amz-target': 'TrentService.CreateKey' }
      const body = JSON.stringify({ KeySpec, KeyUsage })
      const request = {
        method: 'POST',
        headers,
        body,
        path: '/',
        hostname: 'kms',
        protocol: 'https:',
      }
      const { response } = await keyhearth.requestHandler.handle(request)
      const text = await new Response(response.body).text()
      return (JSON.parse(text) as { KeyMetadata: { KeyId: string } }).KeyMetadata.KeyId
    }
    const KeyId = await make('GENERIC_SECRET', 'DERIVE_KEYS')
    const derive = { KeyId, Mechanism: 'HKDF_SHA_256', Info: new TextEncoder().encode('session') }
    const { Secret } = await keyhearth.hsm('HsmDerive', { ...derive, NumberOfBytes: 24 })
    const NewKey = { KeySpec: 'AES_192', KeyUsage: 'ENCRYPT_DECRYPT' }
    const { NewKeyId } = await keyhearth.hsm('HsmDerive', { ...derive, NewKey })
    const Data = new TextEncoder().encode('at the bridge')
    const sealed = await keyhearth.hsm('HsmEncrypt', {
      KeyId: NewKeyId,
      Mechanism: 'AES_GCM',
      Data,
    })
    const wrapping = await make('AES_256', 'WRAP_UNWRAP')
    const wrap = { KeyId: wrapping, Mechanism: 'AES_KEY_WRAP_PAD' }
    const { WrappedKey } = await keyhearth.hsm('HsmWrapKey', { ...wrap, Secret })
    const back = await keyhearth.hsm('HsmUnwrapKey', { ...wrap, WrappedKey })
    const refused = await keyhearth
      .hsm('ExportKey' as 'HsmDigest', {})
      .catch((error: Error) => error.name)
    const list = (bytes: unknown) => [...(bytes as Uint8Array)]
    return {
      secret: list(Secret),
      iv: list(sealed['Iv']),
      ciphertext: list(sealed['Ciphertext']),
      back: list(back['Secret']),
      refused,
    }
  })
  expect(seen.back).toEqual(seen.secret)
  expect(seen.refused).toBe('UnknownOperationException')
  const all = Buffer.from(seen.ciphertext)
  const cipher = createDecipheriv('aes-192-gcm', Buffer.from(seen.secret), Buffer.from(seen.iv))
  cipher.setAuthTag(all.subarray(-16))
  expect(cipher.update(all.subarray(0, -16)).toString() + cipher.final()).toBe('at the bridge')
})

test('a page without the right is refused each of them, and nothing is made', async ({
  keyhearth,
  site,
}) => {
  const popup = await keyhearth.createVault()
  const page = await connect(keyhearth, site.origin, 'Allow on this site', ['messages'])
  const keys = () => operate<{ Keys: unknown[] }>(popup, 'kms:ListKeys', {})
  const before = await keys()
  const refused = await page.evaluate(async (names) => {
    const { keyhearth } = window
    const bytes = new Uint8Array(16)
    const KeyId = 'alias/site'
    const NewKey = { KeySpec: 'AES_192', KeyUsage: 'ENCRYPT_DECRYPT' }
    const requests = {
      HsmEncrypt: { KeyId, Mechanism: 'AES_GCM', Data: bytes },
      HsmDecrypt: { KeyId, Mechanism: 'AES_CBC', Data: bytes, Iv: bytes },
      HsmWrapKey: { KeyId, Mechanism: 'AES_KEY_WRAP', Secret: bytes },
      HsmUnwrapKey: { KeyId, Mechanism: 'AES_KEY_WRAP', WrappedKey: new Uint8Array(24), NewKey },
      HsmDerive: { KeyId, Mechanism: 'HKDF_SHA_256', NewKey },
      HsmDigest: { DigestAlgorithm: 'SHA_256', Data: bytes },
    }
    const outcome = (name: (typeof names)[number]) =>
      keyhearth.hsm(name, requests[name]).then(
        () => 'done',
        (error: Error) => error.name,
      )
    return Promise.all(names.map(async (name) => [name, await outcome(name)] as const))
  }, operations)
  expect(refused).toEqual(operations.map((name) => [name, 'AccessDeniedException']))
  expect(await keys()).toEqual(before)
})
