// provider: what a web page holds. This file: the arguments of sign and verify, read once.

import type { Bytes } from '../codec/bytes.ts'
import { type SigningAlgorithm, signingAlgorithms } from '../protocol/keySpecs.ts'
import { documentFormats, jwsForms } from '../protocol/outputs.ts'
import type { JwsForm, SignatureFormat, SignOptions, VerifyOptions } from './page.ts'
import { copyBytes, invalid, readOptions } from './requests.ts'

export type { SignOptions, VerifyOptions }

const formats: readonly unknown[] = documentFormats satisfies readonly SignatureFormat[]
const writings: readonly unknown[] = jwsForms satisfies readonly JwsForm[]
const names = ['keyId', 'format', 'signingAlgorithm'] as const

/** Far above signatures with long chains and time stamps. */
const mostBytes = 64 * 1024 * 1024

function readCommon(options: Readonly<Record<string, unknown>>) {
  const { keyId, format = 'cms', signingAlgorithm } = options
  if (keyId !== undefined && typeof keyId !== 'string') throw invalid('keyId is a string')
  if (!formats.includes(format)) throw invalid('format is raw, cms, jws or pades')
  const known: readonly unknown[] = signingAlgorithms
  if (signingAlgorithm !== undefined && !known.includes(signingAlgorithm)) {
    throw invalid('signingAlgorithm is a name of AWS KMS')
  }
  return {
    keyId,
    format: format as SignatureFormat,
    signingAlgorithm: signingAlgorithm as SigningAlgorithm | undefined,
  }
}

export function readSignOptions(given: unknown) {
  const options = readOptions(given, [...names, 'jws'])
  const { keyId, format, signingAlgorithm } = readCommon(options)
  const { jws } = options
  const isForm = format === 'jws' && writings.includes(jws)
  if (jws !== undefined && !isForm) {
    throw invalid('jws is compact, detached, unencoded or json, with format jws')
  }
  return {
    Format: format,
    ...(jws === undefined ? {} : { Jws: jws as JwsForm }),
    ...(keyId === undefined ? {} : { KeyId: keyId }),
    ...(signingAlgorithm === undefined ? {} : { SigningAlgorithm: signingAlgorithm }),
  }
}

export function readVerifyOptions(given: unknown) {
  const options = readOptions(given, [...names, 'certificate'])
  const { keyId, format, signingAlgorithm } = readCommon(options)
  const { certificate } = options
  return {
    format,
    ...(keyId === undefined ? {} : { keyId }),
    ...(signingAlgorithm === undefined ? {} : { signingAlgorithm }),
    ...(certificate === undefined ? {} : { certificate: copySignature(certificate) }),
  }
}

/** Text stays text. */
export function copySignature(value: unknown): string | Bytes {
  if (typeof value === 'string') return value
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return copyBytes(value, mostBytes)
  throw invalid('signatures and certificates are strings or bytes')
}
