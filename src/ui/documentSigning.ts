// ui: what the person sees; speaks the protocol like any other client. This file: signing one document in the form that
// was chosen. It is put together here, in the person's own page; only what is signed goes to the key (`kms:Sign`).

import { digestNameOf, holderOf, type Signer, writePem } from '../certificates/index.ts'
import { type Bytes, concatBytes } from '../codec/bytes.ts'
import { decodeUtf8, encodeUtf8 } from '../codec/text.ts'
import {
  aroundContent,
  CmsError,
  type CmsSigning,
  clearSigned,
  clearTextPart,
  cmsIn,
  cmsToPem,
  cosign,
  cosignJws,
  digestStream,
  type JwsOptions,
  type JwsSigner,
  mostCmsBytes,
  recognise,
  runningBlake2b,
  signCms,
  signJws,
  signMinisign,
  signSsh,
} from '../documents/index.ts'
import {
  type Appearance,
  addValidationData,
  type DocMdpLevel,
  signPdfUpdate,
  type ValidationData,
} from '../pdf/index.ts'
import type { SigningAlgorithm } from '../protocol/keySpecs.ts'
import type { JwsForm, Output, SignedDocument } from '../protocol/outputs.ts'
import type { MadeFile } from './documentJobs.ts'
import { counting } from './fileStreams.ts'
import { keySigner } from './keySigner.ts'
import type { SigningKey } from './signingKeys.ts'
import { withTimeStamp } from './timeStamps.ts'

export type SigningForm = 'pdf' | 'p7s' | 'p7m' | 'jws' | 'ssh' | 'minisign'

/** What a PDF says of its signature, and shows. */
export interface PdfChoices {
  readonly appearance?: Appearance
  readonly reason?: string
  readonly location?: string
  readonly certify?: DocMdpLevel
  readonly fieldName?: string
  /** Added behind the signature (B-LT). */
  readonly evidence?: ValidationData
}

interface ToSign {
  readonly file: Blob
  readonly name: string
  readonly key: SigningKey
  readonly pdf?: PdfChoices
  /** How a JWS is written; `compact` where it is absent. */
  readonly jws?: JwsForm
  /** What a signature of SSH is for; `file` where it is absent. */
  readonly sshNamespace?: string
  /** That says when it was signed. */
  readonly timeStampServer?: URL
  readonly onBytes?: (bytes: number) => void
}

/** @throws PdfError, SigningError, TextSignatureError, KeyhearthError */
export const signDocument = (form: SigningForm, work: ToSign): Promise<MadeFile> =>
  forms[form](work)

const forms = {
  pdf: signPdfFile,
  p7s: signDetached,
  p7m: signAttached,
  jws: signAsJws,
  ssh: signForSsh,
  minisign: signForMinisign,
} as const satisfies Record<SigningForm, (work: ToSign) => Promise<MadeFile>>

/** What a key is does not change: of a thousand documents it is asked once. */
const signers = new WeakMap<SigningKey, Map<SigningAlgorithm | undefined, Promise<Signer>>>()

function signerOf(key: SigningKey, algorithm?: SigningAlgorithm): Promise<Signer> {
  const known = signers.get(key) ?? new Map<SigningAlgorithm | undefined, Promise<Signer>>()
  signers.set(key, known)
  const signer = known.get(algorithm) ?? keySigner(key.keyId, algorithm)
  known.set(algorithm, signer)
  signer.catch(() => known.delete(algorithm))
  return signer
}

async function cmsSigning(key: SigningKey, algorithm?: SigningAlgorithm): Promise<CmsSigning> {
  const [certificate, ...above] = key.chain
  if (!certificate) throw new Error('a key without a certificate')
  return { signer: await signerOf(key, algorithm), certificate, chain: above }
}

const bytesOf = async (file: Blob): Promise<Bytes> => new Uint8Array(await file.arrayBuffer())

const counted = (file: Blob, { onBytes = () => {} }: ToSign): ReadableStream<Uint8Array> =>
  file.stream().pipeThrough(counting(onBytes))

/** With a time stamp, where the person named a server. */
const stamped = async (
  cms: Bytes,
  { timeStampServer }: Pick<ToSign, 'timeStampServer'>,
  at = 0,
): Promise<Bytes> => (timeStampServer ? withTimeStamp(cms, timeStampServer, at) : cms)

/** Hashed as a whole by the browser, which is quicker than to begin a stream. */
const mostAtOnce = 1024 * 1024

async function cmsBeside(work: ToSign): Promise<Bytes> {
  const signing = await cmsSigning(work.key)
  const name = digestNameOf(signing.signer.algorithm)
  const isSmall = work.file.size <= mostAtOnce
  const cms = await signCms({
    signers: [signing],
    content: isSmall
      ? await bytesOf(work.file)
      : await digestStream(counted(work.file, work), [name]),
    detached: true,
    signingTime: new Date(),
  })
  return stamped(cms, work)
}

async function signDetached(work: ToSign): Promise<MadeFile> {
  const content = new Blob([await cmsBeside(work)], { type: 'application/pkcs7-signature' })
  return { name: `${work.name}.p7s`, content }
}

/** The file goes from the disk into the one that is saved: nobody holds it. */
async function signAttached(work: ToSign): Promise<MadeFile> {
  const [head, tail] = aroundContent(await cmsBeside(work), work.file.size)
  return {
    name: `${work.name}.p7m`,
    content: new Blob([head, work.file, tail], { type: 'application/pkcs7-mime' }),
  }
}

/**
 * A signature beside those that others made, in their message: CMS, or a JWS in JSON.
 * @param signed what they signed, where the message does not hold it
 * @throws CmsError, SigningError, TextSignatureError, KeyhearthError, TimeStampError
 */
export async function signBeside(work: ToSign, signed: Blob | null): Promise<MadeFile> {
  const given = await bytesOf(work.file)
  const kind = recognise(given, given.byteLength)
  if (kind === 'jws-json') {
    const signer = jwsSigner(await signerOf(work.key), work.key)
    const apart = signed && (await bytesOf(signed))
    return jwsJsonFile(work.name, await cosignJws(decodeUtf8(given), signer, apart))
  }
  const message = cmsIn(given)
  if (message === 'malformed') throw new CmsError('not-cms')
  if (message === 'too-many') throw new CmsError(message)
  const signing = await cmsSigning(work.key)
  const { cms, at } = await cosign(message, signing, { file: signed, signingTime: new Date() })
  const all = await stamped(cms, work, at)
  return {
    name: work.name.replace(/\.eml$/i, '.p7m'),
    content:
      kind === 'cms-pem'
        ? new Blob([cmsToPem(all)], { type: 'application/x-pem-file' })
        : new Blob([all], { type: 'application/pkcs7-mime' }),
  }
}

async function signPdfFile(work: ToSign): Promise<MadeFile> {
  const signed = await signedPdf(await bytesOf(work.file), work)
  const name = work.name.replace(/(?:\.pdf)?$/i, ' (signed).pdf')
  const evidence = work.pdf?.evidence
  const parts = evidence ? [await withEvidence(concatBytes(...signed), work.key, evidence)] : signed
  return { name, content: new Blob([...parts], { type: 'application/pdf' }) }
}

/** Beside what was given, the signer's own chain. */
const withEvidence = (pdf: Bytes, { chain }: SigningKey, given: ValidationData): Promise<Bytes> =>
  addValidationData(pdf, { ...given, certificates: [...chain, ...given.certificates] })

interface PdfWork extends Pick<ToSign, 'key' | 'pdf' | 'timeStampServer'> {
  readonly algorithm?: SigningAlgorithm
}

/** For what nobody counts on, and so that most files have the same room. */
const leastRoomBytes = 16 * 1024
/** Time stamps bring the chain of their authority. */
const stampBytes = 32 * 1024

/** Zeros in the file, which the signature takes the place of. */
const roomFor = (signing: CmsSigning, isStamped: boolean): number =>
  Math.max(leastRoomBytes, mostCmsBytes(signing)) + (isStamped ? stampBytes : 0)

/** @returns the file as it was, and what comes behind it */
async function signedPdf(
  bytes: Bytes,
  { key, pdf = {}, algorithm, ...rest }: PdfWork,
): Promise<readonly [Bytes, Bytes]> {
  const signing = await cmsSigning(key, algorithm)
  const digestName = digestNameOf(signing.signer.algorithm)
  const { certificate } = key
  const { evidence: _evidence, ...wanted } = pdf
  const { appended } = await signPdfUpdate({
    bytes,
    ...wanted,
    ...(certificate ? { name: holderOf(certificate) } : {}),
    time: new Date(),
    offsetMinutes: -new Date().getTimezoneOffset(),
    reservedBytes: roomFor(signing, rest.timeStampServer !== undefined),
    makeCms: async (pieces) => {
      const content = await digestStream(streamOf(pieces), [digestName])
      const cms = await signCms({ signers: [signing], content, detached: true, pades: true })
      return stamped(cms, rest)
    },
  })
  return [bytes, appended]
}

const streamOf = (pieces: readonly Bytes[]): ReadableStream<Uint8Array> => {
  const rest = [...pieces]
  return new ReadableStream({
    pull(output) {
      const next = rest.shift()
      if (next) output.enqueue(next)
      else output.close()
    },
  })
}

const jwsOptions = {
  compact: { form: 'compact' },
  detached: { form: 'compact', detached: true },
  unencoded: { form: 'compact', detached: true, unencoded: true },
  json: { form: 'general' },
} as const satisfies Record<JwsForm, JwsOptions>

const jwsSigner = (signer: Signer, { chain }: SigningKey): JwsSigner => ({
  signer,
  ...(chain.length > 0 ? { certificates: chain } : { withKey: true }),
})

async function signAsJws({ file, name, key, jws = 'compact' }: ToSign): Promise<MadeFile> {
  const signer = jwsSigner(await signerOf(key), key)
  const made = await signJws(await bytesOf(file), [signer], jwsOptions[jws])
  return jws === 'json' ? jwsJsonFile(`${name}.jws.json`, made) : jwsFile(`${name}.jws`, made)
}

// RFC 7515 section 9.2.1.
const jwsFile = (name: string, jws: string): MadeFile => ({
  name,
  content: new Blob([jws], { type: 'application/jose' }),
})
const jwsJsonFile = (name: string, jws: string): MadeFile => ({
  name,
  content: new Blob([jws], { type: 'application/jose+json' }),
})

async function signForSsh(work: ToSign): Promise<MadeFile> {
  const { sshNamespace = 'file' } = work
  const { 'SHA-512': sha512 } = await digestStream(counted(work.file, work), ['SHA-512'])
  if (!sha512) throw new Error('no digest')
  const signature = await signSsh(await signerOf(work.key), { sha512 }, sshNamespace)
  return { name: `${work.name}.sig`, content: new Blob([signature], { type: 'text/plain' }) }
}

async function signForMinisign(work: ToSign): Promise<MadeFile> {
  const hash = await runningBlake2b()
  const reader = counted(work.file, work).getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    hash.update(next.value as Bytes)
  }
  const seconds = Math.floor(Date.now() / 1000)
  const trustedComment = `timestamp:${seconds}\tfile:${oneLine(work.name)}\thashed`
  const signer = await signerOf(work.key, 'ED25519_SHA_512')
  const signature = await signMinisign(signer, hash.digest(), { trustedComment })
  return { name: `${work.name}.minisig`, content: new Blob([signature], { type: 'text/plain' }) }
}

const oneLine = (name: string): string => name.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ').slice(0, 200)

export type TextForm = 'clear' | 'pem' | 'jws' | 'ssh'

/** A text, signed: as something to copy. */
export async function signText(form: TextForm, text: string, key: SigningKey): Promise<string> {
  const bytes = encodeUtf8(text)
  const signingTime = new Date()
  switch (form) {
    case 'clear': {
      const signing = await cmsSigning(key)
      const content = clearTextPart(text)
      const cms = await signCms({ signers: [signing], content, detached: true, signingTime })
      return clearSigned(text, cms, digestNameOf(signing.signer.algorithm))
    }
    case 'pem': {
      const signers = [await cmsSigning(key)]
      return cmsToPem(await signCms({ signers, content: bytes, detached: false, signingTime }))
    }
    case 'jws':
      return signJws(bytes, [jwsSigner(await signerOf(key), key)], jwsOptions.compact)
    case 'ssh': {
      const file = new Blob([bytes])
      return (await signForSsh({ file, name: '', key })).content.text()
    }
  }
}

/** What a page asked for (design section 4), as its call answers it. */
export async function signForPage(
  asked: AskedOfPage,
  key: SigningKey,
): Promise<SignedDocument & { Certificates: string[] }> {
  const signer = await signerOf(key, asked.SigningAlgorithm ?? undefined)
  const about = {
    KeyId: key.keyId,
    SigningAlgorithm: signer.algorithm,
    Certificates: key.chain.map((der) => writePem('CERTIFICATE', der)),
  }
  return { ...about, Signature: await signatureOf(asked, key, signer) }
}

type AskedOfPage = Pick<
  Output<'keyhearth:GetRequestDocument'>,
  'Data' | 'Format' | 'Jws' | 'SigningAlgorithm'
>

async function signatureOf(
  { Data: data, Format, Jws }: AskedOfPage,
  key: SigningKey,
  signer: Signer,
): Promise<Bytes> {
  switch (Format) {
    case 'raw':
      return signer.sign(data)
    case 'jws':
      return encodeUtf8(await signJws(data, [jwsSigner(signer, key)], jwsOptions[Jws]))
    case 'pades':
      return concatBytes(...(await signedPdf(data, { key, algorithm: signer.algorithm })))
    case 'cms': {
      const signers = [await cmsSigning(key, signer.algorithm)]
      return signCms({ signers, content: data, detached: true, signingTime: new Date() })
    }
  }
}
