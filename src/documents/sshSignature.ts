// documents: signed documents of every form, made and verified; pure: runs in plain Node. This file: signatures of
// OpenSSH over files (PROTOCOL.sshsig of its sources), as `ssh-keygen -Y` and git make and verify them.

import { algorithmIdentifierOf } from '../certificates/algorithms.ts'
import { curveOfSshType, curves } from '../certificates/curves.ts'
import { readPem } from '../certificates/pem.ts'
import { readPublicKey } from '../certificates/publicKeys.ts'
import { checkSignature } from '../certificates/signatures.ts'
import type { Signer } from '../certificates/signer.ts'
import { type Bytes, concatBytes, uint32 } from '../codec/bytes.ts'
import { ecdsaFromDer, ecdsaToDer } from '../codec/ecdsa.ts'
import { Reader } from '../codec/reader.ts'
import { decodeUtf8, encodeBase64, encodeUtf8 } from '../codec/text.ts'
import type { SigningAlgorithm } from '../protocol/keySpecs.ts'
import { signChecked } from './signChecked.ts'
import {
  fromSshKey,
  openSshPublicKey,
  readSshNumber,
  readSshString,
  sshFingerprint,
  sshNumber,
  sshString,
  sshText,
  toSshKey,
} from './sshPublicKey.ts'
import { refuse } from './textSignatureError.ts'

const magic = 'SSHSIG'
const label = 'SSH SIGNATURE'

export type SshHash = 'sha256' | 'sha512'

const digestBytes = { sha256: 32, sha512: 64 } as const

/** Of the content, however long: it is only hashed. `sha512` is what signatures mostly want. */
export type SshDigests = Readonly<Partial<Record<SshHash, Bytes>>>

interface Parts {
  /** The key as SSH sends it. */
  readonly key: Bytes
  /** What the signature is for, such as `file` or `git`. */
  readonly namespace: string
  /** To be passed over, and yet signed. */
  readonly reserved: Bytes
  readonly hash: string
}

const signedBytes = ({ namespace, reserved, hash }: Omit<Parts, 'key'>, digest: Bytes): Bytes =>
  concatBytes(
    encodeUtf8(magic),
    ...[namespace, reserved, hash, digest].map((part) => sshString(part)),
  )

// Making

const isNamespace = (text: string): boolean =>
  text.length > 0 && text.length < 256 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)

/**
 * @param digests `sha512` of the content, 64 bytes
 * @param namespace what the signature is for: `file` for a file, `git` for git, else `name@domain`
 * @returns armoured, with a line break at its end
 * @throws TextSignatureError `bad-namespace`, `bad-digest`, `key-does-not-fit`, `bad-signature`; what the signer throws
 */
export async function signSsh(
  signer: Signer,
  digests: Readonly<Record<'sha512', Bytes>>,
  namespace: string,
): Promise<string> {
  if (!isNamespace(namespace)) refuse('bad-namespace')
  if (digests.sha512.byteLength !== digestBytes.sha512) refuse('bad-digest')
  const key = toSshKey(signer.publicKey)
  const format = formatOf(signer)
  const parts = { namespace, reserved: new Uint8Array(), hash: 'sha512' }
  const made = await signChecked(signer, signedBytes(parts, digests.sha512))
  const signature = concatBytes(sshString(format), sshString(toSshForm(format, made)))
  return armour(
    concatBytes(
      encodeUtf8(magic),
      uint32(1),
      ...[key, namespace, parts.reserved, parts.hash, signature].map((part) => sshString(part)),
    ),
  )
}

/** As `ssh-keygen` breaks its lines. */
function armour(bytes: Bytes): string {
  const lines = encodeBase64(bytes).match(/.{1,70}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

/** What each form of signature is in the terms of `kms:Sign`. RSA with SHA-1 (`ssh-rsa`) is none. */
const formats: ReadonlyMap<string, SigningAlgorithm> = new Map([
  ['ssh-ed25519', 'ED25519_SHA_512'],
  ['ecdsa-sha2-nistp256', 'ECDSA_SHA_256'],
  ['ecdsa-sha2-nistp384', 'ECDSA_SHA_384'],
  ['ecdsa-sha2-nistp521', 'ECDSA_SHA_512'],
  ['rsa-sha2-512', 'RSASSA_PKCS1_V1_5_SHA_512'],
  ['rsa-sha2-256', 'RSASSA_PKCS1_V1_5_SHA_256'],
])

function formatOf({ algorithm, publicKey }: Signer): string {
  const type = sshText(new Reader(toSshKey(publicKey)))
  const found = [...formats].find(([name, made]) => made === algorithm && fits(name, type))
  return found?.[0] ?? refuse('key-does-not-fit')
}

const fits = (format: string, keyType: string): boolean =>
  keyType === 'ssh-rsa' ? format.startsWith('rsa-sha2-') : format === keyType

/** RFC 5656 section 3.1.2: r and s as numbers of SSH. */
function toSshForm(format: string, signature: Bytes): Bytes {
  const curve = curveOfSshType(format)
  if (!curve) return signature
  const half = curves[curve].coordinateBytes
  const both = ecdsaFromDer(signature, half) ?? refuse('bad-signature')
  return concatBytes(sshNumber(both.subarray(0, half)), sshNumber(both.subarray(half)))
}

// Verifying

export type SshProblem =
  /** No armour of this kind, or more than one. */
  | 'not-recognised'
  | 'too-large'
  | 'malformed'
  /** A later version of the format. */
  | 'unknown-version'
  /** A key that is not known here: of a security token, or an OpenSSH certificate. */
  | 'unsupported-key'
  | 'unsupported-hash'
  /** RSA with SHA-1, or a form that is not the key's. */
  | 'unsupported-signature'
  /** RSA below 2048 bits: it may be forged. */
  | 'weak-key'
  /** Made for something else: it must not count here. */
  | 'another-namespace'
  /** The content was not hashed with what the signature names. */
  | 'digest-missing'
  /** The content is another one, or the signature was changed. */
  | 'signature-mismatch'

interface SshSignature extends Parts {
  readonly format: string
  readonly signature: Bytes
}

export interface SshReport {
  /** The signature is that of the key over the content. It counts only where there are no `problems`. */
  readonly intact: boolean
  readonly publicKey: {
    readonly spki: Bytes
    /** As in `id_ed25519.pub`. */
    readonly line: string
    /** `SHA256:…`, as `ssh-keygen -l` prints it. */
    readonly fingerprint: string
  } | null
  readonly namespace: string | null
  readonly hash: SshHash | null
  readonly problems: readonly SshProblem[]
}

/** RSA of 16,384 bits with its signature, and its armour. */
const mostCharacters = 64 * 1024

/** The signature as it stands in the text, or why there is none. What it signs is not looked at. */
function readSsh(armoured: string): SshSignature | SshProblem {
  if (armoured.length > mostCharacters) return 'too-large'
  const blocks = readPem(encodeUtf8(armoured.replace(/^\u{feff}/u, '')))
  const [block, ...more] = blocks ?? []
  if (block?.label !== label || more.length > 0 || block.headers.size > 0) return 'not-recognised'
  try {
    return readParts(new Reader(block.bytes))
  } catch {
    return 'malformed'
  }
}

function readParts(reader: Reader): SshSignature | SshProblem {
  if (decodeUtf8(reader.bytes(magic.length)) !== magic) return 'malformed'
  if (reader.uint32() !== 1) return 'unknown-version'
  const key = readSshString(reader)
  const namespace = decodeUtf8(readSshString(reader))
  const reserved = readSshString(reader)
  const hash = sshText(reader)
  const inner = new Reader(readSshString(reader))
  const format = sshText(inner)
  const signature = readSshString(inner)
  const isWhole = reader.remaining === 0 && inner.remaining === 0
  return isWhole && isNamespace(namespace)
    ? { key, namespace, reserved, hash, format, signature }
    : 'malformed'
}

/** The hash that the content is wanted with; `null` where the text is no such signature. */
export function sshHashOf(armoured: string): SshHash | null {
  const read = readSsh(armoured)
  return typeof read !== 'string' && isSshHash(read.hash) ? read.hash : null
}

const isSshHash = (name: string): name is SshHash => Object.hasOwn(digestBytes, name)

const nothing = { intact: false, publicKey: null, namespace: null, hash: null } as const

/**
 * Never throws: what is wrong stands in `problems`. Who the key belongs to is for the caller to know.
 * @param digests of the content, by what `sshHashOf` says, or both
 */
export async function verifySsh(
  armoured: string,
  digests: SshDigests,
  { namespace }: { readonly namespace: string },
): Promise<SshReport> {
  const read = readSsh(armoured)
  if (typeof read === 'string') return { ...nothing, problems: [read] }
  const problems = new Set<SshProblem>()
  if (read.namespace !== namespace) problems.add('another-namespace')
  const hash = isSshHash(read.hash) ? read.hash : null
  if (!hash) problems.add('unsupported-hash')
  const spki = fromSshKey(read.key)
  if (!spki) problems.add('unsupported-key')
  const verdict = spki && hash ? await check(read, spki, digests[hash]) : null
  if (spki && isWeak(spki)) problems.add('weak-key')
  if (verdict && verdict !== 'good') problems.add(verdict)
  return {
    intact: verdict === 'good',
    publicKey: spki && (await describe(spki, read.key)),
    namespace: read.namespace,
    hash,
    problems: [...problems],
  }
}

const isWeak = (spki: Bytes): boolean => {
  const { kind, bits } = readPublicKey(spki)
  return kind === 'rsa' && bits < 2048
}

async function describe(spki: Bytes, key: Bytes) {
  return { spki, line: openSshPublicKey(spki), fingerprint: await sshFingerprint(key) }
}

async function check(
  read: SshSignature,
  spki: Bytes,
  digest: Bytes | undefined,
): Promise<'good' | SshProblem> {
  const algorithm = formats.get(read.format)
  const identifier = algorithm && algorithmIdentifierOf(algorithm, spki)
  if (!identifier || !fits(read.format, sshText(new Reader(read.key)))) {
    return 'unsupported-signature'
  }
  if (digest?.byteLength !== digestBytes[read.hash === 'sha256' ? 'sha256' : 'sha512']) {
    return 'digest-missing'
  }
  const signature = fromSshForm(read, spki)
  const message = signedBytes(read, digest)
  if (!signature) return 'signature-mismatch'
  const input = { publicKey: spki, algorithm: identifier, message, signature }
  return (await checkSignature(input)) === 'good' ? 'good' : 'signature-mismatch'
}

function fromSshForm({ format, signature }: SshSignature, spki: Bytes): Bytes | null {
  const curve = curveOfSshType(format)
  if (curve) return ecdsaFromSsh(new Reader(signature), curves[curve].coordinateBytes)
  if (!format.startsWith('rsa-')) return signature
  // RFC 8332 section 3 knows no padding; OpenSSH takes what has lost its leading zeros.
  const missing = Math.ceil(readPublicKey(spki).bits / 8) - signature.byteLength
  return missing >= 0 ? concatBytes(new Uint8Array(missing), signature) : null
}

function ecdsaFromSsh(reader: Reader, coordinateBytes: number): Bytes | null {
  try {
    const [r, s] = [readSshNumber(reader), readSshNumber(reader)]
    if (!r || !s || reader.remaining > 0) return null
    if (r.byteLength > coordinateBytes || s.byteLength > coordinateBytes) return null
    const fixed = (digits: Bytes) => [new Uint8Array(coordinateBytes - digits.byteLength), digits]
    return ecdsaToDer(concatBytes(...fixed(r), ...fixed(s)))
  } catch {
    return null
  }
}
