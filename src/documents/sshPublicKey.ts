// documents: signed documents of every form, made and verified; pure: runs in plain Node. This file: public keys as
// OpenSSH writes them (RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709 section 4).

import { curveOfSshType, curves, isSshCurve, type SshCurve } from '../certificates/curves.ts'
import { type PublicKey, readPublicKey } from '../certificates/publicKeys.ts'
import { ecPublicKey, ed25519PublicKey, rsaPublicKeyOf } from '../certificates/writePublicKey.ts'
import { type Bytes, concatBytes, equalBytes, uint32 } from '../codec/bytes.ts'
import { DerFields, tags } from '../codec/der.ts'
import { readUnsigned } from '../codec/derValues.ts'
import { decompressPoint } from '../codec/ecdsa.ts'
import { Reader } from '../codec/reader.ts'
import { decodeBase64, encodeBase64, encodeUtf8 } from '../codec/text.ts'
import { refuse } from './textSignatureError.ts'

/** RFC 4251 section 5: bytes behind their length. */
export const sshString = (content: string | Uint8Array): Bytes => {
  const bytes = typeof content === 'string' ? encodeUtf8(content) : content
  return concatBytes(uint32(bytes.byteLength), bytes)
}

/** @throws EndOfBytes */
export const readSshString = (reader: Reader): Bytes => reader.bytes(reader.uint32())

/** RFC 4251 section 5: big-endian, two's complement, as short as it can be. */
export function sshNumber(magnitude: Uint8Array): Bytes {
  const first = magnitude.findIndex((byte) => byte !== 0)
  if (first < 0) return sshString('')
  const digits = magnitude.subarray(first)
  return sshString((digits[0] ?? 0) & 0x80 ? concatBytes(Uint8Array.of(0), digits) : digits)
}

/** The magnitude of a number that is not negative and as short as it can be; `null` for any other. */
export function readSshNumber(reader: Reader): Bytes | null {
  const digits = readSshString(reader)
  const [first, second] = digits
  if (first === undefined) return digits
  if (first & 0x80 || (first === 0 && !((second ?? 0) & 0x80))) return null
  return first === 0 ? digits.subarray(1) : digits
}

/**
 * The key as SSH sends it, and as it stands in base64.
 * @param spki SubjectPublicKeyInfo, DER
 * @throws TextSignatureError `key-does-not-fit`: SSH has no such keys; DerError
 */
export function toSshKey(spki: Bytes): Bytes {
  const key = readPublicKey(spki)
  if (key.kind === 'ed25519') return concatBytes(sshString('ssh-ed25519'), sshString(key.key))
  if (key.kind === 'rsa') return rsaToSsh(key)
  if (key.kind !== 'ec' || !isSshCurve(key.curve)) return refuse('key-does-not-fit')
  const name = curves[key.curve].ssh
  const type = `ecdsa-sha2-${name}`
  return concatBytes(sshString(type), sshString(name), sshString(wholePoint(key.curve, key.key)))
}

function wholePoint(curve: SshCurve, point: Bytes): Bytes {
  const whole = curve === 'P-521' ? point : decompressPoint(point, curve)
  return whole?.[0] === 4 ? whole : refuse('key-does-not-fit')
}

function rsaToSsh({ key }: PublicKey): Bytes {
  const fields = DerFields.whole(key)
  const modulus = readUnsigned(fields.take(tags.integer))
  const exponent = readUnsigned(fields.take(tags.integer))
  return concatBytes(sshString('ssh-rsa'), sshNumber(exponent), sshNumber(modulus))
}

/**
 * SubjectPublicKeyInfo, DER, of a key as SSH sends it; `null` where it is of a kind that is not known here (keys of
 * security tokens and certificates of OpenSSH among them), or broken.
 */
export function fromSshKey(blob: Bytes): Bytes | null {
  try {
    const spki = readBlob(new Reader(blob))
    // One key has one spelling: what is written back must be what was read.
    return spki && equalBytes(toSshKey(spki), blob) ? spki : null
  } catch {
    return null
  }
}

function readBlob(reader: Reader): Bytes | null {
  const type = sshText(reader)
  if (type === 'ssh-ed25519') {
    const key = readSshString(reader)
    return key.byteLength === 32 ? ed25519PublicKey(key) : null
  }
  if (type === 'ssh-rsa') {
    const [exponent, modulus] = [readSshNumber(reader), readSshNumber(reader)]
    if (!exponent || !modulus) return null
    return rsaPublicKeyOf(modulus, exponent)
  }
  const curve = curveOfSshType(type)
  if (!curve || sshText(reader) !== curves[curve].ssh) return null
  const point = readSshString(reader)
  if (point[0] !== 4 || point.byteLength !== 1 + 2 * curves[curve].coordinateBytes) return null
  return ecPublicKey(curve, point)
}

/** Names of algorithms are ASCII; other bytes become characters that no name has. */
export const sshText = (reader: Reader): string =>
  String.fromCharCode(...readSshString(reader).subarray(0, 256))

/** `SHA256:…`, as `ssh-keygen -l` prints it, of a key as SSH sends it. */
export async function sshFingerprint(key: Bytes): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', key))
  return `SHA256:${encodeBase64(digest).replace(/=+$/, '')}`
}

const isOneLine = (text: string): boolean => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)

/**
 * A line as in `id_ed25519.pub`, without a line break.
 * @param spki SubjectPublicKeyInfo, DER
 * @throws TextSignatureError `key-does-not-fit`, `bad-comment`
 */
export function openSshPublicKey(spki: Bytes, comment = ''): string {
  if (!isOneLine(comment) || comment.length > 1024) refuse('bad-comment')
  const blob = toSshKey(spki)
  const parts = [sshText(new Reader(blob)), encodeBase64(blob), comment.trim()]
  return parts.filter((part) => part !== '').join(' ')
}

/** SubjectPublicKeyInfo, DER, of a line as in `id_ed25519.pub`; `null` where it is none that is known here. */
export function readOpenSshPublicKey(line: string): Bytes | null {
  const [type, base64] = line
    .slice(0, 64 * 1024)
    .trim()
    .split(/[ \t]+/)
  try {
    const blob = decodeBase64(base64 ?? '')
    return sshText(new Reader(blob)) === type ? fromSshKey(blob) : null
  } catch {
    return null
  }
}

/**
 * A line of the file that `ssh-keygen -Y verify -f` reads (ssh-keygen(1), ALLOWED SIGNERS).
 * @param principals who the key is, such as an address of mail; several with commas between them
 * @param namespaces what the key may sign for; anything where there is none
 * @throws TextSignatureError `bad-principal`, `bad-namespace`, `key-does-not-fit`
 */
export function allowedSignersLine(
  principals: string,
  spki: Bytes,
  namespaces: readonly string[] = [],
): string {
  // A line that begins with # is a comment; quotes, stars and exclamation marks make patterns of names.
  if (!/^[^\s"#*?!,]+(,[^\s"#*?!,]+)*$/u.test(principals) || !isOneLine(principals)) {
    refuse('bad-principal')
  }
  const isPlain = (namespace: string) => /^[^\s",*?!]+$/u.test(namespace) && isOneLine(namespace)
  if (!namespaces.every(isPlain)) refuse('bad-namespace')
  const options = namespaces.length > 0 ? [`namespaces="${namespaces.join(',')}"`] : []
  return [principals, ...options, openSshPublicKey(spki)].join(' ')
}
