// JSON Web Signatures: what is made here passes jose, and what jose makes is read here; and the rules of RFC 7515 and
// 7797, each with a text that breaks it.

import {
  CompactSign,
  calculateJwkThumbprint,
  compactVerify,
  exportJWK,
  type FlattenedJWSInput,
  FlattenedSign,
  flattenedVerify,
  type GeneralJWSInput,
  GeneralSign,
  generalVerify,
  importSPKI,
} from 'jose'
import { describe, expect, test } from 'vitest'
import { makeSelfSigned } from '../../src/certificates/makeCertificate.ts'
import { writePem } from '../../src/certificates/pem.ts'
import type { Signer } from '../../src/certificates/signer.ts'
import type { Bytes } from '../../src/codec/bytes.ts'
import { encodeBase64, encodeBase64Url, encodeUtf8 } from '../../src/codec/text.ts'
import { cosignJws } from '../../src/documents/cosignJws.ts'
import { fromJwk, jwkThumbprint, toJwk } from '../../src/documents/jwk.ts'
import { type JwsOptions, type JwsSigner, signJws } from '../../src/documents/jws.ts'
import { type JwsGiven, verifyJws } from '../../src/documents/verifyJws.ts'
import { testAlgorithms, testSigner } from './certificatesSigners.ts'
import { rsaSigner } from './documentsSigners.ts'

const payload = encodeUtf8('{"hearth":"Käthe"}')
const names = {
  ECDSA_SHA_256: 'ES256',
  ECDSA_SHA_384: 'ES384',
  ECDSA_SHA_512: 'ES512',
  ED25519_SHA_512: 'EdDSA',
  RSASSA_PSS_SHA_256: 'PS256',
  RSASSA_PKCS1_V1_5_SHA_256: 'RS256',
} as const

const joseKey = ({ publicKey }: Signer, algorithm: string) =>
  importSPKI(writePem('PUBLIC KEY', publicKey), algorithm, { extractable: true })

const certificateOf = (signer: Signer) => {
  const now = Math.floor(Date.now() / 1000) * 1000
  const validity = { notBefore: now - 1000, notAfter: now + 86_400_000 }
  return makeSelfSigned(signer, { ...validity, subject: [['CN', 'Ada']] })
}

const forms: readonly JwsOptions[] = (['compact', 'flattened', 'general'] as const).flatMap(
  (form) =>
    [false, true].flatMap((detached) =>
      [false, true].map((unencoded) => ({ form, detached, unencoded })),
    ),
)

/** With jose, which wants a detached payload put back where it was. */
async function verifyByJose(text: string, options: JwsOptions, key: CryptoKey, content: Bytes) {
  const crit = { crit: { b64: true } }
  const { form, detached, unencoded } = options
  const given = unencoded ? content : encodeBase64Url(content)
  if (form === 'compact') {
    const [header = '', , signature = ''] = text.split('.')
    if (!detached) return compactVerify(text, key, crit)
    return flattenedVerify({ protected: header, payload: given, signature }, key, crit)
  }
  const jws = JSON.parse(text) as FlattenedJWSInput & GeneralJWSInput
  const whole = detached ? { ...jws, payload: given } : jws
  return form === 'general' ? generalVerify(whole, key, crit) : flattenedVerify(whole, key, crit)
}

describe.each(testAlgorithms)('%s', (kind) => {
  const algorithm = names[kind]

  test.each(forms)('is made for jose and for us: %j', async (options) => {
    const signer = await testSigner(kind)
    const content = options.form === 'compact' ? encodeUtf8('{"hearth":"Ada"}') : payload
    const text = await signJws(content, [{ signer, withKey: true }], options)
    const key = await joseKey(signer, algorithm)
    const { payload: read } = await verifyByJose(text, options, key, content)
    expect(new Uint8Array(read)).toEqual(content)
    const given = options.detached ? { payload: content } : {}
    const report = await verifyJws(text, { ...given, keys: [signer.publicKey] })
    expect(report).toMatchObject({ form: options.form, payload: content, problems: [] })
    expect(report.detached).toBe(options.detached)
    const [one] = report.signatures
    expect(one).toMatchObject({ intact: true, algorithm, keyFrom: 'given', problems: [] })
    const jwk = await exportJWK(key)
    expect(one?.thumbprint).toBe(await calculateJwkThumbprint(jwk))
    expect(one?.header).toMatchObject({ kid: one?.thumbprint, jwk: toJwk(signer.publicKey) })
  })

  test('what jose makes is read', async () => {
    const signing = { ECDSA_SHA_256: 'P-256', ECDSA_SHA_384: 'P-384', ECDSA_SHA_512: 'P-521' }
    const generation = kind.startsWith('ECDSA')
      ? { name: 'ECDSA', namedCurve: signing[kind as keyof typeof signing] }
      : kind === 'ED25519_SHA_512'
        ? { name: 'Ed25519' }
        : {
            name: kind.startsWith('RSASSA_PSS') ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5',
            ...{ modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' },
          }
    const { privateKey, publicKey } = (await crypto.subtle.generateKey(generation, false, [
      'sign',
      'verify',
    ])) as CryptoKeyPair
    const keys = [new Uint8Array(await crypto.subtle.exportKey('spki', publicKey))]
    const compact = await new CompactSign(payload)
      .setProtectedHeader({ alg: algorithm })
      .sign(privateKey)
    const unencoded = await new FlattenedSign(payload)
      .setProtectedHeader({ alg: algorithm, b64: false, crit: ['b64'] })
      .setUnprotectedHeader({ kid: 'hearth' })
      .sign(privateKey)
    const general = await new GeneralSign(payload)
      .addSignature(privateKey)
      .setProtectedHeader({ alg: algorithm })
      .addSignature(privateKey)
      .setProtectedHeader({ alg: algorithm, typ: 'x' })
      .sign()
    const apart = JSON.stringify({ ...unencoded, payload: undefined })
    const texts: readonly (readonly [string, JwsGiven])[] = [
      [compact, {}],
      [apart, { payload }],
      [JSON.stringify(general), {}],
    ]
    for (const [text, given] of texts) {
      const report = await verifyJws(text, { ...given, keys })
      expect(report.payload).toEqual(payload)
      for (const { intact, problems } of report.signatures) {
        expect({ intact, problems }).toEqual({ intact: true, problems: [] })
      }
      expect(report.signatures.length).toBe(text === JSON.stringify(general) ? 2 : 1)
    }
    const jwk = (await exportJWK(publicKey)) as Record<string, unknown>
    expect(fromJwk(jwk)).toEqual(keys[0])
    expect(toJwk(keys[0] ?? new Uint8Array())).toEqual(jwk)
  })
})

test('several signers, each with its certificate, and the key of one of them given', async () => {
  const signers = await Promise.all([testSigner('ECDSA_SHA_256'), testSigner('ED25519_SHA_512')])
  const with5c = await Promise.all(
    signers.map(async (signer) => ({ signer, certificates: [await certificateOf(signer)] })),
  )
  const text = await signJws(payload, with5c, { form: 'general' })
  const report = await verifyJws(text)
  expect(report.signatures.map(({ keyFrom, intact }) => [keyFrom, intact])).toEqual([
    ['certificate', true],
    ['certificate', true],
  ])
  expect(report.signatures[0]?.certificates[0]?.der).toEqual(with5c[0]?.certificates[0])
  const keys = signers.slice(0, 1).map(({ publicKey }) => publicKey)
  const [first, second] = (await verifyJws(text, { keys })).signatures
  expect(first).toMatchObject({ intact: true, keyFrom: 'given', problems: [] })
  expect(second).toMatchObject({ intact: false, keyFrom: 'given' })
  expect(second?.problems).toContain('key-does-not-fit')
  for (const signer of signers) {
    const key = await joseKey(signer, signer === signers[0] ? 'ES256' : 'EdDSA')
    await generalVerify(JSON.parse(text) as GeneralJWSInput, key)
  }
})

test('RSA with SHA-512, and the thumbprint of RFC 7638 section 3.1', async () => {
  const signer = await rsaSigner('RSASSA_PSS_SHA_512')
  const text = await signJws(payload, [{ signer }], { form: 'compact' })
  await compactVerify(text, await joseKey(signer, 'PS512'))
  const [one] = (await verifyJws(text, { keys: [signer.publicKey] })).signatures
  expect(one).toMatchObject({ intact: true, algorithm: 'PS512' })
  const jwk = {
    kty: 'RSA',
    n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
    e: 'AQAB',
  } as const
  expect(await jwkThumbprint(jwk)).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
  const spki = fromJwk({ ...jwk, alg: 'RS256', kid: '2011-04-29' })
  expect(spki && toJwk(spki)).toEqual(jwk)
})

test('what cannot be signed in that form is refused', async () => {
  const signer = await testSigner('ECDSA_SHA_256')
  const other = await testSigner('ECDSA_SHA_256')
  const one: JwsSigner = { signer }
  const refused: readonly (readonly [Bytes, readonly JwsSigner[], JwsOptions, string])[] = [
    [payload, [], { form: 'general' }, 'bad-signers'],
    [payload, [one, one], { form: 'flattened' }, 'bad-signers'],
    [encodeUtf8('a.b'), [one], { form: 'compact', unencoded: true }, 'bad-payload'],
    [encodeUtf8('ä'), [one], { form: 'compact', unencoded: true }, 'bad-payload'],
    [encodeUtf8(''), [one], { form: 'compact', unencoded: true }, 'bad-payload'],
    [Uint8Array.of(255), [one], { form: 'general', unencoded: true }, 'bad-payload'],
    [payload, [{ signer, header: { alg: 'none' } }], { form: 'general' }, 'bad-header'],
    [payload, [{ signer, header: { crit: ['x'] } }], { form: 'general' }, 'bad-header'],
    [payload, [{ signer, certificates: [Uint8Array.of(1)] }], { form: 'general' }, 'bad-header'],
    [
      payload,
      [{ signer, certificates: [await certificateOf(other)] }],
      { form: 'general' },
      'bad-header',
    ],
    [
      payload,
      [{ signer: { ...signer, algorithm: 'ED25519_PH_SHA_512' } }],
      { form: 'general' },
      'key-does-not-fit',
    ],
    [
      payload,
      [{ signer: { ...signer, publicKey: other.publicKey } }],
      { form: 'general' },
      'bad-signature',
    ],
  ]
  for (const [content, signers, options, code] of refused) {
    await expect(signJws(content, signers, options), code).rejects.toMatchObject({ code })
  }
})

/** A compact text with any header, truly signed. */
async function signedWith(header: string | object, signer: Signer, body = payload) {
  const text = typeof header === 'string' ? header : JSON.stringify(header)
  const { form, protectedText, signature } = await partWith(text, signer, body)
  return `${protectedText}.${form}.${signature}`
}

async function partWith(header: string, signer: Signer, body: Bytes) {
  const { ecdsaFromDer } = await import('../../src/codec/ecdsa.ts')
  const [protectedText, form] = [encodeBase64Url(encodeUtf8(header)), encodeBase64Url(body)]
  const der = await signer.sign(encodeUtf8(`${protectedText}.${form}`))
  const signature = encodeBase64Url(ecdsaFromDer(der, 32) ?? new Uint8Array())
  return { form, protectedText, signature }
}

describe('a header that is truly signed and yet', () => {
  const verify = async (header: string | object, given: JwsGiven = {}) => {
    const signer = await testSigner('ECDSA_SHA_256')
    const text = await signedWith(header, signer)
    const report = await verifyJws(text, { keys: [signer.publicKey], ...given })
    const [one] = report.signatures
    return one ? { intact: one.intact, problems: one.problems } : report
  }

  test.each([
    [{ alg: 'none' }, 'refused-algorithm'],
    [{ alg: 'NonE' }, 'refused-algorithm'],
    [{ alg: 'HS256' }, 'refused-algorithm'],
    [{ alg: 'toString' }, 'unknown-algorithm'],
    [{ alg: 'ES257' }, 'unknown-algorithm'],
    [{ alg: 7 }, 'unprotected-algorithm'],
    [{}, 'unprotected-algorithm'],
    [{ alg: 'ES384' }, 'key-does-not-fit'],
    [{ alg: 'ES256K' }, 'key-does-not-fit'],
    [{ alg: 'RS256' }, 'key-does-not-fit'],
    [{ alg: 'ES256', crit: ['exp'], exp: 1 }, 'unknown-critical'],
    [{ alg: 'ES256', crit: ['b64', 'x'], b64: true, x: 1 }, 'unknown-critical'],
    [{ alg: 'ES256', crit: [] }, 'malformed-header'],
    [{ alg: 'ES256', crit: 'b64', b64: true }, 'malformed-header'],
    [{ alg: 'ES256', crit: ['b64', 'b64'], b64: true }, 'malformed-header'],
    [{ alg: 'ES256', crit: ['b64'] }, 'malformed-header'],
    [{ alg: 'ES256', b64: true }, 'malformed-header'],
    [{ alg: 'ES256', b64: 'false', crit: ['b64'] }, 'malformed-header'],
    ['{"alg":"ES256","alg":"ES256"}', 'duplicate-members'],
    ['{"alg":"ES256","x":{"a":1,"\\u0061":2}}', 'duplicate-members'],
    ['["ES256"]', 'malformed-header'],
    ['{"alg":"ES256"', 'malformed-header'],
    [`{"alg":"ES256","x":${'['.repeat(40)}${']'.repeat(40)}}`, 'malformed-header'],
    [{ alg: 'ES256', x5c: [] }, 'malformed-certificate'],
    [{ alg: 'ES256', x5c: ['AAAA'] }, 'malformed-certificate'],
    [{ alg: 'ES256', x5c: 'AAAA' }, 'malformed-certificate'],
  ])('says %j is refused', async (header, problem) => {
    const { intact, problems } = { intact: false, ...(await verify(header)) }
    expect(intact).toBe(false)
    expect(problems).toContain(problem)
  })

  test('says nothing wrong is taken', async () => {
    expect(await verify({ alg: 'ES256' })).toEqual({ intact: true, problems: [] })
    const encoded = { alg: 'ES256', b64: true, crit: ['b64'] }
    expect(await verify(encoded)).toEqual({ intact: true, problems: [] })
    const nested = '{"alg":"ES256","x":[{"a":"{\\"a\\":"},{"a":["a","a"]}],"y":"\\\\"}'
    expect(await verify(nested)).toEqual({ intact: true, problems: [] })
  })
})

test('a key that comes with the signature is told, and not tried where one is given', async () => {
  const signer = await testSigner('ECDSA_SHA_256')
  const other = await testSigner('ECDSA_SHA_256')
  const text = await signJws(payload, [{ signer, withKey: true }], { form: 'compact' })
  const [brought] = (await verifyJws(text)).signatures
  expect(brought).toMatchObject({ intact: true, keyFrom: 'header', problems: ['key-from-header'] })
  const [refused] = (await verifyJws(text, { keys: [other.publicKey] })).signatures
  expect(refused).toMatchObject({ intact: false, problems: ['signature-mismatch'] })
  const [found] = (await verifyJws(text, { keys: [other.publicKey, signer.publicKey] })).signatures
  expect(found).toMatchObject({ intact: true, publicKey: signer.publicKey })
  const bare = await signJws(payload, [{ signer }], { form: 'compact' })
  expect((await verifyJws(bare)).signatures[0]?.problems).toEqual(['no-key'])
  const jwk = { ...toJwk(signer.publicKey), d: 'AAAA' }
  const secret = await signedWith({ alg: 'ES256', jwk }, signer)
  expect((await verifyJws(secret)).signatures[0]?.problems).toEqual(['malformed-key'])
})

test('certificates of another key, or beside the thumbprint of another one, are told', async () => {
  const signer = await testSigner('ECDSA_SHA_256')
  const other = await testSigner('ECDSA_SHA_256')
  const [own, foreign] = [await certificateOf(signer), await certificateOf(other)]
  const x5c = (der: Bytes) => ({ alg: 'ES256', x5c: [encodeBase64(der)] })
  const problemsOf = async (header: object, given: JwsGiven = {}) =>
    (await verifyJws(await signedWith(header, signer), given)).signatures[0]?.problems
  const keys = [signer.publicKey]
  expect(await problemsOf(x5c(own))).toEqual([])
  expect(await problemsOf(x5c(foreign))).toEqual(['signature-mismatch'])
  expect(await problemsOf(x5c(foreign), { keys })).toEqual(['certificate-of-another-key'])
  const wrong = { ...x5c(own), 'x5t#S256': encodeBase64Url(new Uint8Array(32)) }
  expect(await problemsOf(wrong)).toEqual(['another-certificate'])
})

test('a payload that is missing, or another than the one given, is told', async () => {
  const signer = await testSigner('ECDSA_SHA_256')
  const keys = [signer.publicKey]
  const problemsOf = async (options: JwsOptions, given: JwsGiven = {}) =>
    (await verifyJws(await signJws(payload, [{ signer }], options), { keys, ...given }))
      .signatures[0]?.problems
  for (const form of ['compact', 'flattened', 'general'] as const) {
    expect(await problemsOf({ form, detached: true })).toEqual(['payload-missing'])
    const other = { payload: encodeUtf8('x') }
    expect(await problemsOf({ form, detached: true }, other)).toEqual(['signature-mismatch'])
    expect(await problemsOf({ form }, other)).toEqual(['payload-differs'])
    expect(await problemsOf({ form }, { payload })).toEqual([])
  }
  const empty = await signJws(new Uint8Array(), [{ signer }], { form: 'compact' })
  expect((await verifyJws(empty, { keys })).signatures[0]).toMatchObject({ intact: true })
})

test('a weak key is called weak', async () => {
  const signer = await rsaSigner('RSASSA_PKCS1_V1_5_SHA_512', 1024)
  const text = await signJws(payload, [{ signer }], { form: 'compact' })
  const [one] = (await verifyJws(text, { keys: [signer.publicKey] })).signatures
  expect(one).toMatchObject({ intact: true, problems: ['weak-key'] })
})

test('texts that are two at once, or none, or too much', async () => {
  const signer = await testSigner('ECDSA_SHA_256')
  const flat = await signJws(payload, [{ signer }], { form: 'flattened' })
  const compact = await signJws(payload, [{ signer }], { form: 'compact' })
  const plain = await signJws(payload, [{ signer }], { form: 'flattened', unencoded: true })
  const object = JSON.parse(flat) as Record<string, unknown>
  const keys = [signer.publicKey]
  const general = (signatures: unknown) =>
    JSON.stringify({ payload: object['payload'], signatures })
  const cases = {
    '': 'not-recognised',
    'a.b': 'not-recognised',
    [`${compact}.a.b`]: 'not-recognised',
    '{}': 'not-recognised',
    '{': 'malformed',
    [JSON.stringify({ ...object, signatures: [object] })]: 'malformed',
    [JSON.stringify({ ...object, payload: 7 })]: 'malformed',
    [JSON.stringify({ ...object, payload: '+' })]: 'malformed',
    [JSON.stringify({ ...object, signature: 7 })]: 'malformed',
    [flat.replace('{', '{"payload":"eA",')]: 'duplicate-members',
    [general([])]: 'malformed',
    [general([7])]: 'malformed',
    [general(Array.from({ length: 65 }, () => object))]: 'too-many-signatures',
    [`${'e'.repeat(300_000)}.a.b`]: 'too-large',
  }
  for (const [text, problem] of Object.entries(cases)) {
    const { problems, signatures } = await verifyJws(text, { keys })
    expect([text.slice(0, 60), problems, signatures]).toEqual([text.slice(0, 60), [problem], []])
  }
  const mixed = general([object, JSON.parse(plain)])
  const { signatures } = await verifyJws(mixed, { keys })
  expect(signatures.map(({ problems }) => problems[0])).toEqual([
    'mixed-encodings',
    'mixed-encodings',
  ])
  const twice = JSON.stringify({ ...object, header: { alg: 'ES256' } })
  expect((await verifyJws(twice, { keys })).signatures[0]?.problems).toEqual(['duplicate-members'])
  const outside = JSON.stringify({ ...object, header: { crit: ['b64'], b64: false } })
  const [misplaced] = (await verifyJws(outside, { keys })).signatures
  expect(misplaced?.problems).toEqual(['malformed-header'])
  expect((await verifyJws(`\u{feff}${compact}\r\n`, { keys })).signatures[0]?.intact).toBe(true)
})

describe('one more signature', () => {
  const made = async (options: Partial<JwsOptions> = {}) =>
    signJws(payload, [{ signer: await testSigner('ED25519_SHA_512'), withKey: true }], {
      form: 'flattened',
      ...options,
    })
  const bob = async () => ({ signer: await testSigner('ECDSA_SHA_256'), withKey: true })

  test.each([{}, { unencoded: true }, { detached: true }, { detached: true, unencoded: true }])(
    'stands beside those of others, which jose still verifies: %j',
    async (options) => {
      const first = await made(options)
      const second = await bob()
      const apart = options.detached ? payload : null
      const both = await cosignJws(first, second, apart)
      const { signatures } = JSON.parse(both) as GeneralJWSInput
      const before = JSON.parse(first) as { protected: string; signature: string }
      expect(signatures[0]).toEqual({ protected: before.protected, signature: before.signature })
      const key = await joseKey(second.signer, 'ES256')
      const form = { form: 'general', ...options } as const
      const { payload: read } = await verifyByJose(both, form, key, payload)
      expect(new Uint8Array(read)).toEqual(payload)
      const report = await verifyJws(both, apart ? { payload } : {})
      expect(report.signatures.map(({ intact }) => intact)).toEqual([true, true])
      const three = await cosignJws(both, await bob(), apart)
      const all = await verifyJws(three, apart ? { payload } : {})
      expect(all.signatures.map(({ intact }) => intact)).toEqual([true, true, true])
    },
  )

  test('is not made where theirs do not fit, or what they signed is not there', async () => {
    const text = await made()
    const other = await made({ detached: true })
    await expect(cosignJws(text.replace('eyJ', 'eyK'), await bob(), null)).rejects.toThrow()
    await expect(cosignJws(other, await bob(), null)).rejects.toMatchObject({
      code: 'content-missing',
    })
    const wrong = encodeUtf8('something else')
    for (const one of [text, other]) {
      await expect(cosignJws(one, await bob(), wrong)).rejects.toMatchObject({ code: 'altered' })
    }
    const compact = await made({ form: 'compact' })
    await expect(cosignJws(compact, await bob(), null)).rejects.toMatchObject({
      code: 'not-a-signature',
    })
  })
})
