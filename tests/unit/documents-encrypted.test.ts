// CMS messages encrypted to certificates that were altered, cut, are for others, or are hostile.

import { beforeAll, describe, expect, test } from 'vitest'
import { readCertificate } from '../../src/certificates/certificate.ts'
import { makeSelfSigned } from '../../src/certificates/makeCertificate.ts'
import { type Bytes, concatBytes } from '../../src/codec/bytes.ts'
import { DerFields, derElement, tags } from '../../src/codec/der.ts'
import {
  derBits,
  derNull,
  derNumber,
  derOctets,
  derOid,
  derSequence,
  derSetOf,
} from '../../src/codec/derValues.ts'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { issuerAndSerial } from '../../src/documents/certificateId.ts'
import { cmsOids } from '../../src/documents/cmsNames.ts'
import { decryptCms } from '../../src/documents/decryptCms.ts'
import type { Decryptor, RsaDecryptor } from '../../src/documents/decryptor.ts'
import { canEncryptTo, encryptCms } from '../../src/documents/encryptCms.ts'
import { EnvelopeError } from '../../src/documents/envelopeError.ts'
import { readEnvelope } from '../../src/documents/readEnvelope.ts'
import { testSigner } from './certificatesSigners.ts'
import { makeRecipient, type TestRecipient } from './documentsRecipients.ts'
import { hasTool, testFolder } from './foreignTools.ts'

const folder = testFolder('encrypted-hostile')
const hasOpenssl = hasTool('openssl')
const content = encodeUtf8('what is for you alone')
let rsa: TestRecipient
let ec: TestRecipient
let other: TestRecipient

beforeAll(async () => {
  if (!hasOpenssl) return
  rsa = await makeRecipient(folder, 'RSA', 'rsa')
  ec = await makeRecipient(folder, 'P-256', 'ec')
  other = await makeRecipient(folder, 'P-256', 'other')
}, 60_000)

async function outcome(message: Bytes, decryptors: readonly Decryptor[]) {
  try {
    return await decryptCms(message, decryptors)
  } catch (error) {
    if (error instanceof EnvelopeError) return error.code
    throw error
  }
}

/** Where a part stands in the message, of which it is a copy. */
function placeOf(message: Bytes, part: Bytes): number {
  const at = Buffer.from(message).indexOf(part)
  if (at < 0) throw new Error('not there')
  return at
}

const flipped = (message: Bytes, at: number): Bytes => {
  const out = message.slice()
  out[at] = (out[at] ?? 0) ^ (1 << (at % 8))
  return out
}

describe.runIf(hasOpenssl)('a message with authenticity', () => {
  test('altered in any byte gives nothing, or what was written', async () => {
    const message = await encryptCms({ content, recipients: [ec.certificate] })
    for (let at = 0; at < message.byteLength; at++) {
      const opened = await outcome(flipped(message, at), [ec.decryptor])
      if (typeof opened === 'string') continue
      expect(opened, `byte ${at}`).toMatchObject({ content, authenticated: true })
    }
  }, 60_000)

  test.each(['RSA', 'EC'])(
    'does not open where content, tag or key of %s is altered',
    async (kind) => {
      const { certificate, decryptor } = kind === 'RSA' ? rsa : ec
      const message = await encryptCms({ content, recipients: [certificate] })
      const { ciphertext, tag, algorithm, recipients } = readEnvelope(message)
      const [recipient] = recipients
      const nonce = (algorithm.parameters ?? content).subarray(4, 16)
      for (const part of [ciphertext, tag, nonce, recipient?.encryptedKey ?? content]) {
        const start = placeOf(message, part)
        for (let at = start; at < start + part.byteLength; at += 5) {
          expect(await outcome(flipped(message, at), [decryptor]), `byte ${at}`).toBe('not-opened')
        }
      }
    },
    60_000,
  )

  test('cut anywhere is none', async () => {
    const message = await encryptCms({ content, recipients: [ec.certificate, rsa.certificate] })
    for (let length = 0; length < message.byteLength; length++) {
      const cut = message.slice(0, length)
      expect(await outcome(cut, [ec.decryptor]), `${length} bytes`).toBe('not-enveloped')
    }
    const more = concatBytes(message, Uint8Array.of(0))
    expect(await outcome(more, [ec.decryptor])).toBe('not-enveloped')
  })

  test('for others is for none of these keys', async () => {
    const message = await encryptCms({ content, recipients: [rsa.certificate, ec.certificate] })
    expect(await outcome(message, [other.decryptor])).toBe('not-a-recipient')
    expect(await outcome(message, [])).toBe('not-a-recipient')
    const posing: Decryptor = { ...other.decryptor, certificate: ec.certificate }
    expect(await outcome(message, [posing])).toBe('not-opened')
    expect(await outcome(message, [other.decryptor, ec.decryptor])).toMatchObject({ content })
  })

  test('of another kind of content than its attributes say is none', async () => {
    const message = await encryptCms({ content, recipients: [ec.certificate] })
    const other = Buffer.from(message)
    const data = Buffer.from(derOid(cmsOids.data))
    other.set(derOid(cmsOids.signedData), other.lastIndexOf(data))
    expect(await outcome(new Uint8Array(other), [ec.decryptor])).toBe('not-enveloped')
  })
})

const membersOf = (message: Bytes) =>
  DerFields.whole(DerFields.whole(message).rest()[1]?.content ?? message)
    .rest()
    .map(({ der }) => der)

const written = (type: string, ...members: readonly Bytes[]): Bytes =>
  derSequence(derOid(type), derElement(tags.explicit0, derSequence(...members)))

/** EnvelopedData of AES-256-CBC to an RSA key, put together here. */
async function unauthenticated(encryptedKey: Bytes, key: Bytes): Promise<Bytes> {
  const { issuer, serialNumber } = readCertificate(rsa.certificate)
  const iv = new Uint8Array(16)
  const cbc = { name: 'AES-CBC', iv }
  const own = await crypto.subtle.importKey('raw', key, 'AES-CBC', false, ['encrypt'])
  const ciphertext = new Uint8Array(await crypto.subtle.encrypt(cbc, own, content))
  const pkcs1 = derSequence(derOid('1.2.840.113549.1.1.1'), derNull())
  const id = issuerAndSerial(issuer.der, serialNumber)
  return written(
    cmsOids.envelopedData,
    derNumber(0),
    derSetOf(derSequence(derNumber(0), id, pkcs1, derOctets(encryptedKey))),
    derSequence(
      derOid(cmsOids.data),
      derSequence(derOid('2.16.840.1.101.3.4.1.42'), derOctets(iv)),
      derElement(tags.implicit0, ciphertext),
    ),
  )
}

describe.runIf(hasOpenssl)('a message without authenticity', () => {
  const key = new Uint8Array(32).fill(5)
  const encryptedKey = new Uint8Array(256).fill(1)
  const answering = (found: Bytes | null): RsaDecryptor => ({
    kind: 'rsa',
    certificate: rsa.certificate,
    decryptKey: async () => null,
    decryptKeyPkcs1: async () => found,
  })

  test('says so, and what was bent in it is not noticed', async () => {
    const message = await unauthenticated(encryptedKey, key)
    const decryptor = answering(key)
    const good = { content, authenticated: false, cipher: 'AES-256-CBC' }
    expect(await outcome(message, [decryptor])).toMatchObject(good)
    const start = placeOf(message, readEnvelope(message).ciphertext)
    const bent = await outcome(flipped(message, start), [decryptor])
    expect(bent).toMatchObject({ authenticated: false })
    expect(bent).not.toMatchObject({ content })
  })

  test('gives one error for a key that is none, of another length, or wrong', async () => {
    const message = await unauthenticated(encryptedKey, key)
    const wrong = new Uint8Array(32).fill(6)
    const cases = [null, new Uint8Array(0), wrong.subarray(0, 31), concatBytes(wrong, wrong), wrong]
    for (const found of cases) {
      expect(await outcome(message, [answering(found)])).toBe('not-opened')
    }
  })

  test('asks for a key as long as its cipher takes, and of no ciphertext of another length', async () => {
    const asked: number[] = []
    const decryptor: RsaDecryptor = {
      ...answering(key),
      decryptKeyPkcs1: async (_encryptedKey, bytes) => {
        asked.push(bytes)
        return key
      },
    }
    const message = await unauthenticated(encryptedKey, key)
    expect(await outcome(message, [decryptor])).toMatchObject({ content })
    const short = await unauthenticated(encryptedKey.subarray(1), key)
    expect(await outcome(short, [decryptor])).toBe('not-opened')
    expect(asked).toEqual([32])
  })

  test('cannot be made of one that has it', async () => {
    const message = await encryptCms({ content, recipients: [ec.certificate] })
    const members = membersOf(message)
    const lowered = written(cmsOids.envelopedData, ...members.slice(0, 3))
    expect(await outcome(lowered, [ec.decryptor])).toBe('unsupported')
  })
})

describe.runIf(hasOpenssl)('a hostile list', () => {
  async function withRecipients(make: (info: Bytes) => readonly Bytes[]): Promise<Bytes> {
    const message = await encryptCms({ content, recipients: [ec.certificate] })
    const [version, infos, ...rest] = membersOf(message)
    const info = DerFields.whole(infos ?? message, tags.set).any().der
    return written(
      cmsOids.authEnvelopedData,
      version ?? message,
      derElement(tags.set, ...make(info)),
      ...rest,
    )
  }
  const many = (info: Bytes, count: number) => Array.from({ length: count }, () => info)

  test('of a thousand recipients is read, and one private key asked once', async () => {
    const message = await withRecipients((info) => many(info, 1024))
    let asked = 0
    const decryptor: Decryptor = {
      kind: 'ec',
      certificate: ec.certificate,
      agree: async () => {
        asked++
        return null
      },
    }
    expect(await outcome(message, [decryptor])).toBe('not-opened')
    expect(asked).toBe(1)
  })

  test('whose certificate is for something else are refused', async () => {
    expect(canEncryptTo(readCertificate(ec.certificate))).toBe(true)
    const signer = await testSigner('ECDSA_SHA_256')
    const now = Date.now()
    const certificate = await makeSelfSigned(signer, {
      subject: [['CN', 'Signs alone']],
      notBefore: now,
      notAfter: now + 1000,
      keyUsage: ['digitalSignature'],
    })
    expect(canEncryptTo(readCertificate(certificate))).toBe(false)
    const encrypting = encryptCms({ content, recipients: [certificate] })
    await expect(encrypting).rejects.toMatchObject({ code: 'unfit-certificate' })
  })

  test('of more is refused', async () => {
    const message = await withRecipients((info) => many(info, 1025))
    expect(await outcome(message, [ec.decryptor])).toBe('too-many')
    await expect(encryptCms({ content, recipients: [] })).rejects.toThrow(EnvelopeError)
    const recipients = many(ec.certificate, 1025)
    await expect(encryptCms({ content, recipients })).rejects.toMatchObject({ code: 'too-many' })
  })

  test('of members that are nested deep is refused', async () => {
    let deep: Bytes = derSequence()
    for (let depth = 0; depth < 100; depth++) deep = derSequence(deep)
    const open = concatBytes(Uint8Array.of(tags.sequence, 0x80), deep, new Uint8Array(2))
    for (const one of [deep, open]) {
      const message = await withRecipients(() => [one])
      expect(await outcome(message, [ec.decryptor])).toBe('not-enveloped')
    }
  })

  test('with passwords and kinds to come is read over', async () => {
    const message = await withRecipients((info) => [
      derElement(tags.explicit3, derNumber(0)),
      derElement(0xa4, derOid('1.2.3.4'), derNull()),
      info,
    ])
    expect(await outcome(message, [ec.decryptor])).toMatchObject({ content })
  })

  test('with a point that is none, or a key that is huge, does not open', async () => {
    const huge = new Uint8Array(1_000_000)
    const point = new Uint8Array(65).fill(4)
    const { issuer, serialNumber } = readCertificate(ec.certificate)
    const info = (bits: Bytes, encrypted: Bytes) =>
      derElement(
        tags.explicit1,
        derNumber(3),
        derElement(
          tags.explicit0,
          derElement(tags.explicit1, derSequence(derOid('1.2.840.10045.2.1')), derBits(bits)),
        ),
        derSequence(derOid('1.3.132.1.11.1'), derSequence(derOid('2.16.840.1.101.3.4.1.45'))),
        derSequence(derSequence(issuerAndSerial(issuer.der, serialNumber), derOctets(encrypted))),
      )
    for (const one of [info(point, new Uint8Array(40)), info(huge, huge), info(content, huge)]) {
      const message = await withRecipients(() => [one])
      expect(await outcome(message, [ec.decryptor])).toBe('not-opened')
    }
  })
})

test.runIf(hasOpenssl)('a signed message, text and nothing are no encrypted message', async () => {
  for (const bytes of [derSequence(derOid(cmsOids.signedData)), content, new Uint8Array(0)]) {
    expect(await outcome(bytes, [])).toBe('not-enveloped')
  }
})
