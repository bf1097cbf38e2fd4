// hsm: the security module; the only room that holds the vault's CryptoKeys. This file: what the gate
// hands to every operation, so that services ask and stage but never decide who asks or write themselves.

import type { OperationName } from '../protocol/operations.ts'
import type { Output } from '../protocol/outputs.ts'
import type { Principal } from '../protocol/principals.ts'
import type { Input } from '../protocol/schemas.ts'
import type { Opened, SecurityModule } from './module.ts'
import type { Records, Staged } from './records.ts'
import type { UnlockedVault } from './unlocked.ts'

/**
 * Thrown by an operation that runs beside others once it finds that it changes something after all: the
 * gate runs it again by itself. Nothing was staged that lasts.
 */
export class NeedsTurn extends Error {}

/** Thrown where only a grant allows a page's call that says to ask the person each time. */
export class NeedsApproval extends Error {
  readonly asked: {
    readonly grantId: string
    readonly KeyArn: string
    /** What the person calls the key: alias or description; empty where it has neither. */
    readonly KeyName: string
  }

  constructor(asked: NeedsApproval['asked']) {
    super('the person is to be asked')
    this.asked = asked
  }
}

export interface Context {
  readonly principal: Principal
  /** The caller's account, 12 digits. */
  readonly account: string
  /** Milliseconds since 1970. */
  readonly now: number
  readonly requestId: string
  /** Of the event the trail will hold of this operation. */
  readonly eventId: string
  /** The service that acts for the caller (IAM's kms:ViaService); absent where the caller acts itself. */
  readonly via?: string
  readonly hsm: SecurityModule
  /** @throws KeyhearthError `vault-locked` and its kin; so does `records`. */
  readonly vault: UnlockedVault
  readonly records: Records
  readonly staged: Staged
  /** Whether no other operation that changes anything runs meanwhile. */
  readonly alone: boolean
  /** The grant whose use the person approved for this very call. */
  readonly approvedGrant: string | null
  /** Whether what the operation answers holds plaintext (protocol/operationRow). */
  readonly reveals: boolean
  /** An ARN the operation touched, for the trail. */
  touch(arn: string): void
  /** From here on this vault seals records and the trail event: creation, unlocking, recovery. */
  use(opened: Opened): void
  /** Runs once the commit has succeeded, in order. */
  afterCommit(action: () => void | Promise<void>): void
}

export type Handler<Name extends OperationName> = (
  context: Context,
  input: Input<Name>,
) => Promise<Output<Name>>

export type Handlers = { readonly [Name in OperationName]: Handler<Name> }
