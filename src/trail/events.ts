// trail: what happened, CloudTrail-shaped, append-only and hash-chained. This file: one event as
// CloudTrail records it ("CloudTrail record contents"). Who asked, for what and how it ended; never
// plaintext, passphrase or key: only members the operation table names, and no error's own words.

import { type ErrorReason, errorSentence } from '../protocol/errors.ts'
import type { OperationRow } from '../protocol/operationRow.ts'
import type { TrailEvent, TrailResource } from '../protocol/outputs.ts'
import type { Principal } from '../protocol/principals.ts'
import { siteName } from '../protocol/sites.ts'
import type { SealedEvent } from './sealing.ts'

type Members = Readonly<Record<string, unknown>>

/** What happened, as the gate knows it. */
export interface Happening {
  /** `service:Name`, of the operation table alone. */
  readonly operation: string
  readonly row: OperationRow
  /** `null` where the request did not parse. */
  readonly input: Members | null
  /** `null` where there was no answer. */
  readonly output: Members | null
  readonly principal: Principal
  /** Of the caller, 12 digits; empty before there is a vault. */
  readonly account: string
  readonly principalArn: string
  readonly requestId: string
  readonly eventId: string
  readonly now: number
  readonly touched: readonly string[]
  readonly failure: { readonly code: string; readonly reason: ErrorReason } | null
}

const longestParameter = 2048

export function describeEvent(about: Happening): SealedEvent {
  const [service = '', eventName = ''] = about.operation.split(':')
  const resources = about.touched.map(describeResource)
  const recipient = resources.find(({ accountId }) => accountId !== about.account)?.accountId
  return {
    eventVersion: '1.11',
    eventID: about.eventId,
    eventTime: new Date(about.now).toISOString(),
    eventSource: service === 'keyhearth' ? 'keyhearth' : `${service}.amazonaws.com`,
    eventName,
    eventType: 'AwsApiCall',
    awsRegion: 'browser-1',
    userIdentity: identityOf(about),
    requestParameters: about.input && kept(about.row.record ?? [], about.input),
    responseElements:
      about.output && about.row.respond ? kept(about.row.respond, about.output) : null,
    ...(about.failure && {
      errorCode: about.failure.code,
      errorMessage: errorSentence(about.failure.reason),
    }),
    readOnly: !about.row.mutates,
    resources,
    requestID: about.requestId,
    ...(recipient !== undefined && about.account !== '' && { recipientAccountId: recipient }),
  }
}

function identityOf({ principal, principalArn, account }: Happening): TrailEvent['userIdentity'] {
  const whose = { arn: principalArn, accountId: account }
  switch (principal.kind) {
    case 'person':
      return { type: 'Root', ...whose }
    case 'page':
      return { type: 'FederatedUser', ...whose, origin: siteName(principal) }
    case 'service':
      return { type: 'AWSService', arn: 'keyhearth', accountId: account }
  }
}

const resourceTypes: ReadonlyMap<string, string> = new Map([
  ['kms:key', 'AWS::KMS::Key'],
  ['kms:alias', 'AWS::KMS::Alias'],
  ['secretsmanager:secret', 'AWS::SecretsManager::Secret'],
])

/** `arn:aws:<service>:<region>:<account>:<kind>...` */
function describeResource(ARN: string): TrailResource {
  const [, , service, , accountId = '', resource = ''] = ARN.split(':')
  const kind = resource.split('/')[0]
  const type = resourceTypes.get(`${service}:${kind}`) ?? 'AWS::Keyhearth::Resource'
  return { ARN, accountId, type }
}

/** The members the operation table allows, in a fresh object; long text is cut. */
function kept(names: readonly string[], members: Members): Members {
  const present = names.filter((name) => members[name] !== undefined)
  return Object.fromEntries(present.map((name) => [name, shorten(members[name])]))
}

function shorten(value: unknown): unknown {
  const text = JSON.stringify(value, withoutBytes)
  return text.length <= longestParameter
    ? (JSON.parse(text) as unknown)
    : `${text.slice(0, longestParameter)}…`
}

const withoutBytes = (_name: string, value: unknown): unknown =>
  value instanceof Uint8Array ? { bytes: value.byteLength } : value
