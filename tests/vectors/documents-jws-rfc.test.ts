// Examples of the RFCs, read as they stand there.

import { secp256k1 } from '@noble/curves/secp256k1.js'
import { CompactSign, exportSPKI, generateKeyPair } from 'jose'
import { expect, test } from 'vitest'
import { readPem } from '../../src/certificates/pem.ts'
import type { Signer } from '../../src/certificates/signer.ts'
import { encodeBase64Url, encodeUtf8 } from '../../src/codec/text.ts'
import { fromJwk, jwkThumbprint, toJwk } from '../../src/documents/jwk.ts'
import { signJws } from '../../src/documents/jws.ts'
import { verifyJws } from '../../src/documents/verifyJws.ts'

async function verdict(text: string, jwk: Readonly<Record<string, string>>) {
  const key = fromJwk(jwk)
  if (!key) throw new Error('no key')
  const report = await verifyJws(text, { keys: [key] })
  const [one] = report.signatures
  return { intact: one?.intact, problems: one?.problems, thumbprint: one?.thumbprint }
}

test('rfc8037 appendices A.3 and A.4: Ed25519', async () => {
  const text =
    'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg'
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
  const thumbprint = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'
  expect(await verdict(text, jwk)).toEqual({ intact: true, problems: [], thumbprint })
})

test('rfc7515 appendix A.3: P-256', async () => {
  const text =
    'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q'
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  }
  expect(await verdict(text, jwk)).toMatchObject({ intact: true, problems: [] })
})

test('rfc9864: the name that says which curve', async () => {
  const { privateKey, publicKey } = await generateKeyPair('Ed25519')
  const text = await new CompactSign(encodeUtf8('hearth'))
    .setProtectedHeader({ alg: 'Ed25519' })
    .sign(privateKey)
  const [block] = readPem(encodeUtf8(await exportSPKI(publicKey))) ?? []
  const { signatures } = await verifyJws(text, block ? { keys: [block.bytes] } : {})
  expect(signatures[0]).toMatchObject({ intact: true, algorithm: 'Ed25519', problems: [] })
})

test('rfc8812: secp256k1, with the library of another', async () => {
  const secret = secp256k1.utils.randomSecretKey()
  const point = secp256k1.getPublicKey(secret, false)
  const [x, y] = [encodeBase64Url(point.slice(1, 33)), encodeBase64Url(point.slice(33))]
  const jwk = { kty: 'EC', crv: 'secp256k1', x, y } as const
  const publicKey = fromJwk(jwk)
  if (!publicKey) throw new Error('no key')
  expect(toJwk(publicKey)).toEqual(jwk)
  const signer: Signer = {
    algorithm: 'ECDSA_SHA_256',
    publicKey,
    sign: async (message) => new Uint8Array(secp256k1.sign(message, secret, { format: 'der' })),
  }
  const text = await signJws(encodeUtf8('hearth'), [{ signer }], { form: 'compact' })
  const [header = '', body = '', signature = ''] = text.split('.')
  const bytes = new Uint8Array(Buffer.from(signature, 'base64url'))
  expect(secp256k1.verify(bytes, encodeUtf8(`${header}.${body}`), point)).toBe(true)
  const { signatures } = await verifyJws(text, { keys: [publicKey] })
  expect(signatures[0]).toMatchObject({ intact: true, algorithm: 'ES256K', problems: [] })
  expect(signatures[0]?.thumbprint).toBe(await jwkThumbprint(jwk))
})
