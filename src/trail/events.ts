// trail: what happened, CloudTrail-shaped, append-only and hash-chained. This file: one event, made,
// sealed and read again. Who asked, for what and how it ended; never plaintext, passphrase or key.

import type { Bytes } from '../codec/bytes.ts'
import { decodeUtf8, encodeUtf8 } from '../codec/text.ts'
import { bindTo, open, seal } from '../hsm/binding.ts'
import type { Opened } from '../hsm/module.ts'
import type { Device } from '../hsm/rootKey.ts'
import type { ErrorCode } from '../protocol/errors.ts'
import type { OperationRow } from '../protocol/operationRow.ts'
import type { OperationName } from '../protocol/operations.ts'
import type { TrailEvent } from '../protocol/outputs.ts'
import type { Principal } from '../protocol/principals.ts'
import type { TrailRow } from '../store/schema.ts'

/** The event as sealed; its sequence number is its place in the chain, known when it commits. */
export type SealedEvent = Omit<TrailEvent, 'sequence'>

const longestParameter = 2048

export function describeEvent(about: {
  readonly operation: OperationName
  readonly row: OperationRow
  readonly input: Readonly<Record<string, unknown>> | null
  readonly principal: Principal
  readonly principalArn: string
  readonly requestId: string
  readonly now: number
  readonly touched: readonly string[]
  readonly errorCode: ErrorCode | null
}): SealedEvent {
  const [service = '', eventName = ''] = about.operation.split(':')
  return {
    eventID: crypto.randomUUID(),
    eventTime: new Date(about.now).toISOString(),
    eventSource: service === 'keyhearth' ? 'keyhearth' : `${service}.amazonaws.com`,
    eventName,
    userIdentity: identityOf(about.principal, about.principalArn),
    requestParameters: recorded(about.row, about.input),
    resources: about.touched.map((ARN) => ({ ARN })),
    ...(about.errorCode === null ? {} : { errorCode: about.errorCode }),
    requestID: about.requestId,
  }
}

function identityOf(principal: Principal, arn: string): TrailEvent['userIdentity'] {
  switch (principal.kind) {
    case 'person':
      return { type: 'Root', arn }
    case 'page':
      return { type: 'FederatedUser', arn, origin: principal.origin }
    case 'service':
      return { type: 'AWSService', arn: 'keyhearth' }
  }
}

/** The members the operation table allows, in a fresh object; long text is cut. */
function recorded(
  { record }: OperationRow,
  input: Readonly<Record<string, unknown>> | null,
): Record<string, unknown> {
  const kept = (record ?? []).filter((name) => input?.[name] !== undefined)
  return Object.fromEntries(kept.map((name) => [name, shorten(input?.[name])]))
}

function shorten(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: value.byteLength }
  const text = JSON.stringify(value)
  return text.length <= longestParameter ? value : `${text.slice(0, longestParameter)}…`
}

const place = bindTo('trail')

/** Under the vault key where the vault is open, else under this device's root key; `null` without both. */
export async function sealEvent(
  opened: Opened | null,
  device: Device | null,
  event: SealedEvent,
): Promise<{ sealedBy: TrailRow['sealedBy']; sealed: Bytes } | null> {
  const plaintext = encodeUtf8(JSON.stringify(event))
  if (opened) return { sealedBy: 'vault', sealed: await opened.vault.seal(['trail'], plaintext) }
  return device && { sealedBy: 'device', sealed: await seal(device.rootKey, place, plaintext) }
}

/** `null` for an event of a device key that is gone. @throws KeyhearthError `record-damaged` */
export async function openEvent(
  opened: Opened,
  device: Device,
  row: TrailRow,
): Promise<TrailEvent | null> {
  const plaintext =
    row.sealedBy === 'vault'
      ? await opened.vault.open(['trail'], row.sealed)
      : await open(device.rootKey, place, row.sealed)
  if (!plaintext) return null
  return { sequence: row.sequence, ...(JSON.parse(decodeUtf8(plaintext)) as SealedEvent) }
}
