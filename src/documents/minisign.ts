// documents: signed documents of every form, made and verified; pure: runs in plain Node. This file: signatures of
// minisign (https://jedisct1.github.io/minisign/): Ed25519, with a comment that is signed too.
//
//   untrusted comment: <text>
//   base64(algorithm, 2 bytes; key id, 8 bytes; signature, 64 bytes)
//   trusted comment: <text>
//   base64(signature over the signature above and the text of the trusted comment)

import { algorithmIdentifierOf } from '../certificates/algorithms.ts'
import { verifySignature } from '../certificates/signatures.ts'
import type { Signer } from '../certificates/signer.ts'
import { type Bytes, concatBytes, equalBytes } from '../codec/bytes.ts'
import { encodeBase64, encodeUtf8 } from '../codec/text.ts'
import { visible } from '../codec/visible.ts'
import {
  algorithmOf,
  checkComment,
  decodeLine,
  ed25519KeyOf,
  isComment,
  keyIdBytes,
  keyIdText,
  linesOf,
  minisignKeyOf,
  mostCommentBytes,
  untrustedLabel,
} from './minisignKey.ts'
import { signChecked } from './signChecked.ts'
import { refuse } from './textSignatureError.ts'

const trustedLabel = 'trusted comment: '
const digestBytes = 64

/** `ED` signs BLAKE2b-512 of the content; `Ed` the content itself: the old form, which is read and not written. */
const prehashed = 'ED'
const legacy = 'Ed'

// Making

export interface MinisignOptions {
  /** Signed with the rest: such as `timestamp:1735689600\tfile:a.tar.gz\thashed`, as minisign itself writes. */
  readonly trustedComment: string
  /** Anybody may change it. */
  readonly untrustedComment?: string
  /** 8 bytes, where the key is known elsewhere under another id than that of `minisignKeyOf`. */
  readonly keyId?: Bytes
}

/**
 * Two signatures: the key is asked twice.
 * @param signer Ed25519
 * @param digest BLAKE2b-512 of the content, 64 bytes
 * @throws TextSignatureError `key-does-not-fit`, `bad-comment`, `bad-digest`, `bad-signature`; what the signer throws
 */
export async function signMinisign(
  signer: Signer,
  digest: Bytes,
  options: MinisignOptions,
): Promise<string> {
  const { trustedComment, untrustedComment = 'signature from minisign secret key' } = options
  if (signer.algorithm !== 'ED25519_SHA_512') refuse('key-does-not-fit')
  if (digest.byteLength !== digestBytes) refuse('bad-digest')
  checkComment(trustedComment, mostCommentBytes.trusted)
  checkComment(untrustedComment, mostCommentBytes.untrusted)
  const { keyId } = options.keyId ? { keyId: options.keyId } : await minisignKeyOf(signer.publicKey)
  if (keyId.byteLength !== keyIdBytes) refuse('key-does-not-fit')
  const signature = await signChecked(signer, digest)
  const both = await signChecked(signer, concatBytes(signature, encodeUtf8(trustedComment)))
  return [
    `${untrustedLabel}${untrustedComment}`,
    encodeBase64(concatBytes(encodeUtf8(prehashed), keyId, signature)),
    `${trustedLabel}${trustedComment}`,
    encodeBase64(both),
    '',
  ].join('\n')
}

// Verifying

export type MinisignProblem =
  | 'not-recognised'
  | 'too-large'
  /** The signature names another key by its id. */
  | 'another-key'
  /** An old signature is over the whole content, which was not given. */
  | 'content-missing'
  /** BLAKE2b-512 of the content was not given. */
  | 'digest-missing'
  /** The content is another one, or the signature was changed. */
  | 'signature-mismatch'
  /** The content is the one that was signed; the trusted comment is not. */
  | 'comment-mismatch'
  /** A comment holds what may deceive who reads it. */
  | 'control-characters'

export interface MinisignReport {
  /** Content and trusted comment are those that the key signed. It counts only where there are no `problems`. */
  readonly intact: boolean
  /** As minisign prints it, 16 hexadecimal digits. */
  readonly keyId: string | null
  /** The content was signed without being hashed first. */
  readonly legacy: boolean
  /** `null` unless it was found to be what was signed. Visible characters alone. */
  readonly trustedComment: string | null
  /** Anybody may have written it. Visible characters alone. */
  readonly untrustedComment: string | null
  readonly problems: readonly MinisignProblem[]
}

/** What the content is wanted as: BLAKE2b-512 of it, or, for old signatures, itself. */
export interface MinisignContent {
  readonly digest?: Bytes
  readonly content?: Bytes
}

interface MinisignSignature {
  readonly untrustedComment: string
  readonly trustedComment: string
  readonly isLegacy: boolean
  readonly keyId: Bytes
  readonly signature: Bytes
  /** Over the signature and the trusted comment. */
  readonly both: Bytes
}

/** Both comments at their longest. */
const mostCharacters = 16 * 1024

function read(text: string): MinisignSignature | MinisignProblem {
  if (text.length > mostCharacters) return 'too-large'
  const [untrusted, signed, trusted, signedTwice, ...more] = linesOf(text)
  if (!untrusted?.startsWith('untrusted comment:') || !trusted?.startsWith(trustedLabel)) {
    return 'not-recognised'
  }
  const bytes = decodeLine(signed ?? '', 74)
  const both = decodeLine(signedTwice ?? '', 64)
  if (!bytes || !both || more.length > 0) return 'not-recognised'
  const algorithm = algorithmOf(bytes)
  if (algorithm !== prehashed && algorithm !== legacy) return 'not-recognised'
  return {
    untrustedComment: untrusted.slice(untrustedLabel.length),
    trustedComment: trusted.slice(trustedLabel.length),
    isLegacy: algorithm === legacy,
    keyId: bytes.slice(2, 10),
    signature: bytes.slice(10),
    both,
  }
}

/** What a signature wants to be verified with; `null` where the text is none. */
export function minisignWants(
  text: string,
): { readonly keyId: Bytes; readonly wants: 'digest' | 'content' } | null {
  const found = read(text)
  if (typeof found === 'string') return null
  return { keyId: found.keyId, wants: found.isLegacy ? 'content' : 'digest' }
}

const nothing = {
  intact: false,
  keyId: null,
  legacy: false,
  trustedComment: null,
  untrustedComment: null,
} as const

/**
 * Never throws for what stands in the text: that is told in `problems`.
 * @param key `keyId` is `null` where only the key is known: then any id is taken
 * @throws TextSignatureError `key-does-not-fit`: the key that is to verify is not Ed25519; DerError
 */
export async function verifyMinisign(
  text: string,
  given: MinisignContent,
  key: { readonly spki: Bytes; readonly keyId: Bytes | null },
): Promise<MinisignReport> {
  const found = read(text)
  if (typeof found === 'string') return { ...nothing, problems: [found] }
  ed25519KeyOf(key.spki)
  const { trustedComment, untrustedComment } = found
  const problem = await check(found, given, key)
  const areVisible = isComment(trustedComment) && isComment(untrustedComment)
  return {
    intact: problem === null,
    keyId: keyIdText(found.keyId),
    legacy: found.isLegacy,
    trustedComment: problem === null ? shown(trustedComment) : null,
    untrustedComment: shown(untrustedComment),
    problems: [
      ...(problem ? [problem] : []),
      ...(areVisible ? [] : (['control-characters'] as const)),
    ],
  }
}

const shown = (comment: string): string => comment.split('\t').map(visible).join('\t')

async function check(
  { isLegacy, keyId, signature, both, trustedComment }: MinisignSignature,
  { digest, content }: MinisignContent,
  key: { readonly spki: Bytes; readonly keyId: Bytes | null },
): Promise<MinisignProblem | null> {
  if (key.keyId && !equalBytes(key.keyId, keyId)) return 'another-key'
  const message = isLegacy ? content : digest
  if (!message) return isLegacy ? 'content-missing' : 'digest-missing'
  if (!isLegacy && message.byteLength !== digestBytes) return 'digest-missing'
  if (!(await fits(key.spki, message, signature))) return 'signature-mismatch'
  const signedTwice = concatBytes(signature, encodeUtf8(trustedComment))
  return (await fits(key.spki, signedTwice, both)) ? null : 'comment-mismatch'
}

async function fits(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  const algorithm = algorithmIdentifierOf('ED25519_SHA_512', publicKey)
  return algorithm !== null && verifySignature({ publicKey, algorithm, message, signature })
}
