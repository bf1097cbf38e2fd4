// certificates: X.509 certificates, requests, revocation lists, paths and key files; pure: runs in plain Node.
// This file: what the other rooms call.

export type { SignatureScheme } from './algorithms.ts'
export { algorithmIdentifierOf, digestAlgorithm, digestNameOf } from './algorithms.ts'
export {
  type Certificate,
  fingerprintOf,
  holderOf,
  readCertificate,
  serialText,
} from './certificate.ts'
export { readCertificates } from './certificateFiles.ts'
export type { PolicyQualifier } from './certificatePolicies.ts'
export { type Crl, type IssuingDistributionPoint, readCrl } from './crl.ts'
export { CertificateError } from './errors.ts'
export type { InfoAccess, PolicyConstraints } from './extensions.ts'
export { type KeyInFile, readKeyFile } from './keyFile.ts'
export { KeyFileError } from './keyFileError.ts'
export { issueCertificate, makeSelfSigned } from './makeCertificate.ts'
export { makeCrl, type RevokedEntry } from './makeCrl.ts'
export type { NameAttribute } from './names.ts'
export {
  checkOcsp,
  makeOcspRequest,
  type OcspProblem,
  type OcspResponse,
  readOcspResponse,
} from './ocsp.ts'
export { checkPath, type PathVerdict, type VerdictReason } from './path.ts'
export { readPem, writePem } from './pem.ts'
export type { KeyKind } from './publicKeys.ts'
export { isProved, makeRequest, readRequest } from './request.ts'
export { checkSignature, verifySignature } from './signatures.ts'
export type { Signer } from './signer.ts'
export { type Weakness, weaknessesOf } from './strength.ts'
export type { PolicyDemands } from './validatePath.ts'
