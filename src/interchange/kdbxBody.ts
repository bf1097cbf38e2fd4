// interchange: files of other password managers, read and written; pure. This file: opens what stands behind the header
// of a KeePass database, and gives its XML with every protected value in clear.

import { chacha20 } from '@noble/ciphers/chacha.js'
import { salsa20 } from '@noble/ciphers/salsa.js'
import { type Bytes, concatBytes, equalBytes } from '../codec/bytes.ts'
import { decodeBase64, decodeHex, decodeUtf8, encodeBase64 } from '../codec/text.ts'
import { unpack } from './inflate.ts'
import type { KdbxHeader } from './kdbxHeader.ts'
import { compositeKey, sha256, stretch } from './kdbxKey.ts'
import { mostUnpackedBytes } from './limits.ts'
import { LittleReader } from './littleReader.ts'
import type { Secrets } from './readExport.ts'
import { refuse } from './refusal.ts'
import { child, childText, isTrue, parseXml, type XmlElement } from './xml.ts'

export interface KdbxContent {
  readonly xml: XmlElement
  /** Attachments by their number (version 4); version 3.1 has them in the XML. */
  readonly binaries: readonly Bytes[]
}

export async function openKdbx(
  file: Bytes,
  header: KdbxHeader,
  secrets: Secrets,
): Promise<KdbxContent> {
  const body = new LittleReader(file, header.bytes.byteLength)
  return header.version === 4
    ? openVersion4(body, header, secrets)
    : openVersion3(body, header, secrets)
}

const wrongKey = ({ keyFile }: Secrets): never =>
  refuse(keyFile ? 'wrong-password-or-key-file' : 'wrong-password-or-needs-key-file')

async function openVersion4(body: LittleReader, header: KdbxHeader, secrets: Secrets) {
  // The hash needs no key: it tells a damaged header from a wrong password, before the key is stretched.
  if (!equalBytes(body.bytes(32), await sha256(header.bytes))) refuse('damaged')
  const expected = body.bytes(32)
  const key = await stretch(await compositeKey(secrets), header.derivation, secrets.argon2)
  const macBase = await sha512(header.masterSeed, key, Uint8Array.of(1))
  if (!(await isMac(macBase, lastIndex, expected, header.bytes))) wrongKey(secrets)
  const encrypted = await readMacBlocks(body, macBase)
  const packed = await decrypt(encrypted, header, await sha256(header.masterSeed, key))
  const plain = new LittleReader(decompress(packed ?? refuse('damaged'), header))
  const { binaries, stream } = readInnerHeader(plain)
  return { binaries, xml: await unprotect(parseXml(xmlText(plain.rest())), stream) }
}

async function openVersion3(body: LittleReader, header: KdbxHeader, secrets: Secrets) {
  const key = await stretch(await compositeKey(secrets), header.derivation, secrets.argon2)
  const encrypted = body.rest()
  if (encrypted.byteLength === 0) refuse('truncated')
  const plain = await decrypt(encrypted, header, await sha256(header.masterSeed, key))
  const start = header.startBytes ?? refuse('damaged')
  if (!plain || !equalBytes(plain.subarray(0, start.byteLength), start)) return wrongKey(secrets)
  const packed = await readHashedBlocks(new LittleReader(plain, start.byteLength))
  const xml = parseXml(xmlText(decompress(packed, header)))
  const hash = childText(child(xml, 'Meta'), 'HeaderHash').trim()
  if (hash !== '' && hash !== encodeBase64(await sha256(header.bytes))) refuse('damaged')
  return { binaries: [], xml: await unprotect(xml, header.innerStream ?? refuse('damaged')) }
}

function xmlText(bytes: Bytes): string {
  try {
    return decodeUtf8(bytes)
  } catch {
    return refuse('bad-encoding')
  }
}

const decompress = (bytes: Bytes, { isCompressed }: KdbxHeader): Bytes =>
  isCompressed ? unpack(bytes, 'gzip', mostUnpackedBytes) : bytes

/** `null`: the padding is wrong, so probably the key. */
async function decrypt(
  bytes: Bytes,
  { cipher, iv }: KdbxHeader,
  key: Bytes,
): Promise<Bytes | null> {
  if (cipher === 'chacha20') {
    if (iv.byteLength !== 12) refuse('damaged')
    return new Uint8Array(chacha20(key, iv, bytes))
  }
  if (iv.byteLength !== 16) refuse('damaged')
  const aes = await crypto.subtle.importKey('raw', key, 'AES-CBC', false, ['decrypt'])
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, aes, bytes))
  } catch {
    return null
  }
}

const sha512 = async (...parts: readonly Bytes[]): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest('SHA-512', concatBytes(...parts)))

/** The header is authenticated as the block of this number. */
const lastIndex = 0xffff_ffff_ffff_ffffn

function little64(value: bigint): Bytes {
  const out = new Uint8Array(8)
  new DataView(out.buffer).setBigUint64(0, value, true)
  return out
}

async function isMac(
  base: Bytes,
  index: bigint,
  mac: Bytes,
  ...parts: readonly Bytes[]
): Promise<boolean> {
  const bytes = await sha512(little64(index), base)
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['verify'])
  return crypto.subtle.verify('HMAC', key, mac, concatBytes(...parts))
}

/** Version 4: each block behind its HMAC, until an empty one. */
async function readMacBlocks(body: LittleReader, base: Bytes): Promise<Bytes> {
  const blocks: Bytes[] = []
  for (let index = 0n; ; index++) {
    const mac = body.bytes(32)
    const length = body.bytes(4)
    const data = body.bytes(new LittleReader(length).uint32())
    if (!(await isMac(base, index, mac, little64(index), length, data))) refuse('damaged')
    if (data.byteLength === 0) return concatBytes(...blocks)
    blocks.push(data)
  }
}

/** Version 3.1: each block behind its number and hash, until an empty one. */
async function readHashedBlocks(body: LittleReader): Promise<Bytes> {
  const blocks: Bytes[] = []
  for (let index = 0; ; index++) {
    if (body.uint32() !== index) refuse('damaged')
    const hash = body.bytes(32)
    const data = body.bytes(body.uint32())
    if (data.byteLength === 0) return concatBytes(...blocks)
    if (!equalBytes(hash, await sha256(data))) refuse('damaged')
    blocks.push(data)
  }
}

interface InnerStream {
  readonly id: number
  readonly key: Bytes
}

function readInnerHeader(plain: LittleReader): { binaries: readonly Bytes[]; stream: InnerStream } {
  const binaries: Bytes[] = []
  let id = 0
  let key: Bytes = new Uint8Array()
  for (;;) {
    const field = plain.uint8()
    const value = plain.bytes(plain.uint32())
    if (field === 0) return { binaries, stream: { id, key } }
    if (field === 1) id = new LittleReader(value).uint32()
    if (field === 2) key = value
    // The first byte says whether memory should be protected.
    if (field === 3) binaries.push(value.subarray(1))
  }
}

/** Protected values are one stream, in the order of the document. */
async function unprotect(xml: XmlElement, stream: InnerStream): Promise<XmlElement> {
  const elements = [...protectedElements(xml)]
  if (elements.length === 0) return xml
  const values = elements.map(({ text }) => decodeValue(text))
  const clear = await innerDecrypt(concatBytes(...values), stream)
  let at = 0
  for (const [index, element] of elements.entries()) {
    const end = at + (values[index]?.byteLength ?? 0)
    const value = clear.subarray(at, end)
    // Attachments of 3.1 stay in base64, as those that are not protected.
    element.text = element.name === 'Binary' ? encodeBase64(value) : new TextDecoder().decode(value)
    at = end
  }
  return xml
}

function* protectedElements(element: XmlElement): Generator<XmlElement> {
  if (isTrue(element.attributes.get('Protected'))) yield element
  for (const one of element.children) yield* protectedElements(one)
}

function decodeValue(text: string): Bytes {
  try {
    return decodeBase64(text.trim())
  } catch {
    return refuse('damaged')
  }
}

const salsaNonce = decodeHex('e830094b97205d2a')

async function innerDecrypt(bytes: Bytes, { id, key }: InnerStream): Promise<Uint8Array> {
  switch (id) {
    case 2:
      return salsa20(await sha256(key), salsaNonce, bytes)
    case 3: {
      const hash = await sha512(key)
      return chacha20(hash.subarray(0, 32), hash.subarray(32, 44), bytes)
    }
    default:
      return refuse('unknown-encryption')
  }
}
