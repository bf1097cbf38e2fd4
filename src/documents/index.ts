// documents: signed documents; pure: runs in plain Node. This file: what the other rooms call.

export {
  type ContentDigestName,
  type ContentDigests,
  contentDigest,
  digestStream,
} from './contentDigests.ts'
export { type Jwk, jwkThumbprint, toJwk } from './jwk.ts'
export { type JwsOptions, type JwsSigner, signJws } from './jws.ts'
export type { MinisignContent, MinisignProblem, MinisignReport } from './minisign.ts'
export { type MinisignOptions, minisignWants, signMinisign, verifyMinisign } from './minisign.ts'
export { keyIdText, minisignKeyOf, readMinisignKey, writeMinisignKey } from './minisignKey.ts'
export { CmsError, readCms } from './readCms.ts'
export { type Recognised, recognise, recogniseBytes } from './recognise.ts'
export { judgeSigner, type NotChecked, type SignatureReport } from './report.ts'
export { addSigner, type CmsSigning, SigningError, signCms } from './signCms.ts'
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
export { type JwsProblem, type JwsReport, type JwsSignatureReport, verifyJws } from './verifyJws.ts'
