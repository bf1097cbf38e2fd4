// provider: what a web page holds. This file: the requests of AWS's clients, HTTP messages that never
// reach a network: one operation and its input. The page's objects are read once, before the first await.

import type { Bytes } from '../codec/bytes.ts'
import { awsServices } from '../protocol/awsServices.ts'
import { pageError } from '../protocol/pageErrors.ts'
import { readJson } from './awsJson.ts'
import { copyBytes } from './requests.ts'

/** More than any request of KMS or Secrets Manager may have in it. */
const mostBodyBytes = 1024 * 1024

interface AwsRequest {
  /** One of KMS or Secrets Manager; whether there is one of that name, the relay says. */
  readonly operation: string
  readonly input: object
}

/** @throws PageError `malformed-request`, `unknown-operation`, `too-large` */
export function readRequest(request: unknown): AwsRequest {
  if (typeof request !== 'object' || request === null) throw malformed('it is not an HTTP request')
  const { headers, body } = request as Readonly<Record<string, unknown>>
  const [service = '', name = '', ...rest] = targetOf(headers).split('.')
  const { prefix, blobs } = awsServices.get(service) ?? {}
  if (!blobs || rest.length > 0) throw pageError('unknown-operation')
  return { operation: `${prefix}:${name}`, input: readJson(bodyOf(body), blobs) }
}

const malformed = (what: string) => pageError('malformed-request', { what })

/** Clients of other years write the header's name in other cases. */
function targetOf(headers: unknown): string {
  if (typeof headers !== 'object' || headers === null) return ''
  const found = Object.entries(headers).find(([name]) => name.toLowerCase() === 'x-amz-target')
  return typeof found?.[1] === 'string' ? found[1] : ''
}

function bodyOf(body: unknown): Bytes {
  if (typeof body === 'string' || body instanceof ArrayBuffer || ArrayBuffer.isView(body)) {
    return copyBytes(body, mostBodyBytes)
  }
  throw malformed('its body is neither text nor bytes')
}
