// documents: signed documents; pure: runs in plain Node. This file: what the other rooms call.

export { type Jwk, jwkThumbprint, toJwk } from './jwk.ts'
export { type JwsOptions, type JwsSigner, signJws } from './jws.ts'
export type { MinisignContent, MinisignProblem, MinisignReport } from './minisign.ts'
export { type MinisignOptions, minisignWants, signMinisign, verifyMinisign } from './minisign.ts'
export { minisignKeyOf, readMinisignKey, writeMinisignKey } from './minisignKey.ts'
export { type Recognised, recognise, recogniseBytes } from './recognise.ts'
export { allowedSignersLine, openSshPublicKey, readOpenSshPublicKey } from './sshPublicKey.ts'
export { type SshProblem, type SshReport, signSsh, sshHashOf, verifySsh } from './sshSignature.ts'
export { TextSignatureError, type TextSignatureErrorCode } from './textSignatureError.ts'
export { type JwsProblem, type JwsReport, type JwsSignatureReport, verifyJws } from './verifyJws.ts'
