// documents: signed and encrypted documents; pure: runs in plain Node. This file: what the other rooms call.
//
// Screens verify by one function, whatever the form:
//
//   const report = await verifyDocument({ file, name, signature?, anchors, others?, keys?, crls?, ocsp?, at })
//
// `report` is a `DocumentReport`: `form`, the gravest `verdict`, `signatures`, the `content` inside, or the `problem` where
// there is nothing to report. Each signature is a `SignatureReport`, of one shape for all forms; `pdf` in it says what
// later revisions changed, `timeStamp` and `counterSignatures` what they are worth themselves. Every word in these types
// is one of a closed set: a screen has a sentence for each of `Verdict`, `NotChecked`, `ReportProblem`,
// `TimeStampProblem`, `DocumentProblem`, `Trust['reason']`, `Weakness`.
//
// To certificates, and by the keys behind them:
//
//   const message = await encryptCms({ content, recipients })
//   const { content, authenticated, cipher } = await decryptCms(message, decryptors)
//
// Where `authenticated` is `false`, a screen says that the content can have been changed by anybody, and shows it as plain
// text alone.

export { aroundContent } from './attachedCms.ts'
export { cmsIn } from './cmsBytes.ts'
export type { SealingCipher } from './contentCiphers.ts'
export {
  type ContentDigestName,
  type ContentDigests,
  contentDigest,
  digestStream,
} from './contentDigests.ts'
export { cosign } from './cosign.ts'
export { cosignJws } from './cosignJws.ts'
export { type DecryptedCms, decryptCms, isRecipient } from './decryptCms.ts'
export type { Decryptor, EcDecryptor, OaepHash, RsaDecryptor } from './decryptor.ts'
export { canEncryptTo, type EncryptCmsInput, encryptCms } from './encryptCms.ts'
export { EnvelopeError, type EnvelopeErrorCode } from './envelopeError.ts'
export type { Trust } from './judgeCertificate.ts'
export { type KnownKey, readKnownKey } from './judgeKey.ts'
export { type Jwk, jwkThumbprint, toJwk } from './jwk.ts'
export { type JwsOptions, type JwsSigner, signJws } from './jws.ts'
export type { MinisignContent, MinisignProblem, MinisignReport } from './minisign.ts'
export { type MinisignOptions, minisignWants, signMinisign, verifyMinisign } from './minisign.ts'
export { keyIdText, minisignKeyOf, readMinisignKey, writeMinisignKey } from './minisignKey.ts'
export { bodyOfPart, readClearSigned } from './readClearSigned.ts'
export { type Cms, CmsError, readCms } from './readCms.ts'
export { type Recognised, recognise, recogniseBytes } from './recognise.ts'
export {
  type CounterSignatureReport,
  type NotChecked,
  type PdfPlace,
  type ReportProblem,
  remarks,
  type SignatureReport,
  type SignedForm,
  type TimeStampProblem,
  type TimeStampReport,
  type Verdict,
  verdicts,
} from './report.ts'
export { runningBlake2b } from './runningBlake2b.ts'
export { type CmsSigning, mostCmsBytes, SigningError, signCms } from './signCms.ts'
export { clearSigned, clearTextPart, cmsToPem } from './smime.ts'
export {
  allowedSignersLine,
  openSshPublicKey,
  readOpenSshPublicKey,
  sshFingerprint,
  toSshKey,
} from './sshPublicKey.ts'
export { type SshProblem, type SshReport, signSsh, sshHashOf, verifySsh } from './sshSignature.ts'
export { TextSignatureError, type TextSignatureErrorCode } from './textSignatureError.ts'
export {
  addTimeStamp,
  makeTimeStampRequest,
  readTimeStampResponse,
  verifyTimeStamp,
} from './timeStamp.ts'
export { type CmsProblem, type CmsSignerVerdict, type CmsVerdict, verifyCms } from './verifyCms.ts'
export {
  type DocumentProblem,
  type DocumentReport,
  type VerifyDocumentInput,
  verifyDocument,
} from './verifyDocument.ts'
export { type JwsProblem, type JwsReport, type JwsSignatureReport, verifyJws } from './verifyJws.ts'
