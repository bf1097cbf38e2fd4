// gate: who asks, may they, dispatch, record. This file: the one way an operation runs.
//
//   parse -> authorise -> run -> record
//
// The operation's changes and its trail event commit in one transaction. Mutating operations run one
// after the other, so what an operation read is still so when it commits.

import * as v from 'valibot'
import {
  type Context,
  type Handler,
  type Handlers,
  NeedsApproval,
  NeedsTurn,
} from '../hsm/context.ts'
import { followingDeviceRows } from '../hsm/deviceRows.ts'
import { accountId, type Opened, type SecurityModule } from '../hsm/module.ts'
import { Staged } from '../hsm/records.ts'
import { rootArn } from '../kms/arns.ts'
import { type ErrorReply, KeyhearthError, toErrorReply } from '../protocol/errors.ts'
import type { Call, Reply } from '../protocol/messages.ts'
import { type OperationRow, reads } from '../protocol/operationRow.ts'
import { findOperation, type OperationName } from '../protocol/operations.ts'
import type { AskedOperation, Output } from '../protocol/outputs.ts'
import type { PagePrincipal, Principal } from '../protocol/principals.ts'
import { type Input, inputs } from '../protocol/schemas.ts'
import { siteName } from '../protocol/sites.ts'
import { type AdvanceTrail, commit } from '../store/commit.ts'
import { describeEvent } from '../trail/events.ts'
import { prepareEvent } from '../trail/recording.ts'
import { earlierAnswer, stageAnswer } from './answered.ts'
import { type Approval, type Approvals, approvalOf } from './approvals.ts'
import { describeAsked } from './asked.ts'
import type { AskedDocument, PageDocuments } from './pageDocuments.ts'
import type { Quorum } from './quorum.ts'
import { assertSendable } from './replies.ts'
import type { Requests } from './requests.ts'
import type { StoredRequest } from './session.ts'
import type { Sites } from './sites.ts'

type AnyInput = Input<OperationName>

export interface GateParts {
  readonly hsm: SecurityModule
  readonly sites: Sites
  readonly requests: Requests
  readonly approvals: Approvals
  readonly documents: PageDocuments
  readonly quorum: Quorum
  readonly handlers: Handlers
  /** Told once what was written can be read. */
  readonly secretsChanged: () => void
}

/** One operation under way, or one that there is not. */
interface Run {
  readonly principal: Principal
  readonly name: OperationName | typeof unknownOperation
  readonly row: OperationRow
  readonly requestId: string
  readonly eventId: string
  readonly now: number
  readonly staged: Staged
  readonly alone: boolean
  readonly approvedGrant: string | null
  readonly touched: Set<string>
  readonly after: (() => void | Promise<void>)[]
  opened: Opened | null
  input: AnyInput | null
  /** Of a page's site, as it was authorised. */
  revocations: number
}

/** What the trail says of an operation that is in no table: that it was asked for, not what was sent. */
const unknownOperation = 'keyhearth:UnknownOperation'
const unknownRow: OperationRow = { callers: [], ...reads, record: [] }

export class Gate {
  readonly #parts: GateParts
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: GateParts) {
    this.#parts = parts
  }

  /** A call from outside. Never throws: what went wrong is in the reply, and nothing else of it. */
  async answer(principal: Principal, call: Call): Promise<Reply> {
    try {
      await this.#noteExpired()
      const row = findOperation(call.operation)
      if (!row) throw await this.#refuseUnknown(principal, call.id)
      if (principal.kind === 'page') {
        const wait = await this.#waitForUnlock(principal, row, call.active === true)
        if (wait !== null) return { ok: false, wait }
      }
      return await this.#answerKnown(principal, row, call)
    } catch (error) {
      if (!(error instanceof KeyhearthError)) console.error('keyhearth:', call.operation, error)
      return { ok: false, error: toErrorReply(error) }
    }
  }

  /** Nothing runs by the clock: whoever comes next finds what nobody approved, or nobody carried out, in time. */
  async #noteExpired(): Promise<void> {
    for (const RequestId of await this.#parts.quorum.takeExpired(Date.now())) {
      await this.perform({ kind: 'service' }, 'keyhearth:ExpireQuorumRequest', { RequestId })
    }
  }

  async #answerKnown(principal: Principal, row: OperationRow, call: Call): Promise<Reply> {
    const { operation, input, id } = call
    const { approvals } = this.#parts
    const approved =
      principal.kind === 'page' ? await approvals.take(principal, operation, input) : null
    try {
      const output = await this.#perform(principal, operation, row, input, id, approved)
      assertSendable(output)
      return { ok: true, output }
    } catch (error) {
      if (!(error instanceof NeedsApproval) || principal.kind !== 'page') throw error
      return { ok: false, wait: await this.#waitForApproval(principal, call, error) }
    }
  }

  /** The page's call waits; once the person allows it, its relay sends the very same again. */
  async #waitForApproval(
    page: PagePrincipal,
    { operation, input, active }: Call,
    { asked }: NeedsApproval,
  ): Promise<string> {
    const { requests } = this.#parts
    const now = Date.now()
    const approval = await approvalOf(page, operation, input, asked.grantId)
    const shown = await describeAsked(operation, input, asked)
    // Revoked while it ran: a site that may do nothing asks for nothing.
    if ((await this.#parts.sites.rightsOf(page)).length === 0) {
      throw new KeyhearthError('disconnected')
    }
    const request = await this.#requestFor(page, { operation, input }, { shown, approval }, now)
    const site = siteName(page)
    if (active === true && !requests.silenced(site, now)) await requests.prompt(request)
    return request.RequestId
  }

  /** Of a document that waits already the relay sends the same call again, where the worker ended meanwhile. */
  async #requestFor(
    page: PagePrincipal,
    { operation, input }: Pick<Call, 'operation' | 'input'>,
    { shown, approval }: { readonly shown: AskedOperation; readonly approval: Approval },
    now: number,
  ): Promise<StoredRequest> {
    const { requests, documents } = this.#parts
    if (operation !== 'keyhearth:SignDocument') {
      return requests.addOperation(page, shown, approval, now)
    }
    const document = parse(operation, input) as AskedDocument
    documents.assertRoom(document, requests)
    const request =
      requests.sameOperation(approval) ?? (await requests.addOperation(page, shown, approval, now))
    documents.ask(request.RequestId, document)
    return request
  }

  /** Keyhearth's own doing, through the same door. */
  async perform<Name extends OperationName>(
    principal: Principal,
    name: Name,
    input: Input<Name>,
  ): Promise<Output<Name>> {
    const row = findOperation(name)
    if (!row) throw new KeyhearthError('unknown-operation')
    return (await this.#perform(principal, name, row, input, crypto.randomUUID())) as Output<Name>
  }

  /** A connected page that meets a locked vault waits; the id it waits for, or `null` to go on. */
  async #waitForUnlock(
    page: PagePrincipal,
    row: OperationRow,
    active: boolean,
  ): Promise<string | null> {
    const { hsm, requests } = this.#parts
    if (!row.unlocked || hsm.state !== 'locked' || !(await this.#mayPage(page, row))) return null
    const request = await requests.add(page, 'unlock', [], Date.now())
    if (active && !requests.silenced(siteName(page), Date.now())) await requests.prompt(request)
    return request.RequestId
  }

  async #refuseUnknown(principal: Principal, requestId: string): Promise<KeyhearthError> {
    const error = new KeyhearthError('unknown-operation')
    await this.#recordFailure(newRun(principal, unknownOperation, unknownRow, requestId), error)
    return error
  }

  #perform(
    principal: Principal,
    name: OperationName,
    row: OperationRow,
    input: unknown,
    requestId: string,
    approvedGrant: string | null = null,
  ): Promise<Output<OperationName>> {
    const go = (alone: boolean) => {
      const run = { ...newRun(principal, name, row, requestId), name, alone, approvedGrant }
      return this.#runAndRecord(run, input)
    }
    const inTurn = () =>
      this.#alone(
        async () => (await this.#answeredBefore(principal, name, row, requestId)) ?? go(true),
      )
    if (row.mutates) return inTurn()
    return go(false).catch((error: unknown) => {
      if (error instanceof NeedsTurn) return inTurn()
      throw error
    })
  }

  #alone<T>(go: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(go, go)
    this.#last = turn.catch(() => {})
    return turn
  }

  async #runAndRecord(run: KnownRun, input: unknown): Promise<Output<OperationName>> {
    run.opened = this.#parts.hsm.openedIfAny
    let output: Output<OperationName>
    try {
      output = await this.#run(run, input)
      await this.#keepAnswer(run, output)
    } catch (error) {
      // Nothing has happened yet: it is done in its turn, or once the person has been asked.
      if (error instanceof NeedsTurn || error instanceof NeedsApproval) throw error
      await this.#recordFailure(run, error)
      throw error
    }
    try {
      await this.#commit(run, { output })
    } catch (error) {
      if (!this.#stands(run)) await this.#recordFailure(run, error)
      if (!mayGoUnrecorded(run, error)) throw error
    }
    for (const action of run.after) await action()
    if (changesSecrets(run)) this.#parts.secretsChanged()
    return output
  }

  /** Sent again by a relay whose worker died: what was carried out is not done twice. */
  async #answeredBefore(
    principal: Principal,
    operation: OperationName,
    row: OperationRow,
    id: string,
  ): Promise<Output<OperationName> | null> {
    const opened = this.#parts.hsm.openedIfAny
    if (principal.kind !== 'page' || !row.mutates || !opened) return null
    if (!(await this.#mayPage(principal, row))) return null
    return earlierAnswer(opened, { site: siteName(principal), id, operation })
  }

  async #keepAnswer(run: KnownRun, output: Output<OperationName>): Promise<void> {
    const { principal, row, name, requestId, staged, now, opened } = run
    if (principal.kind !== 'page' || !row.mutates || !opened) return
    const call = { site: siteName(principal), id: requestId, operation: name }
    await stageAnswer(opened, staged, call, output, now)
  }

  async #run(run: KnownRun, input: unknown): Promise<Output<OperationName>> {
    const parsed = parse(run.name, input)
    run.input = parsed
    await this.#authorise(run)
    const handler = this.#parts.handlers[run.name] as Handler<OperationName>
    const context = this.#context(run)
    const act = () => handler(context, parsed as never)
    return this.#parts.quorum.guard(context, run.name, parsed, act)
  }

  async #authorise(run: Run): Promise<void> {
    const { principal, row, staged, name, now } = run
    switch (principal.kind) {
      case 'person':
      case 'service':
        if (!row.callers.includes('extension')) throw new KeyhearthError('not-allowed')
        // What decides over a site is pressed in the consent window and nowhere else.
        if (name === 'keyhearth:DecideRequest' && !isConsentWindow(principal)) {
          throw new KeyhearthError('not-allowed')
        }
        if (!mayHere(principal, name)) throw new KeyhearthError('not-allowed')
        if (row.unlocked) this.#parts.hsm.assertOpened()
        return
      case 'page':
        run.revocations = this.#parts.sites.revocationsOf(siteName(principal))
        await this.#authorisePage(principal, row)
        return this.#parts.sites.stageUse(staged, siteName(principal), now)
    }
  }

  /** Whether what the page was allowed as it asked has not been ended since. */
  #stands({ principal, revocations }: Run): boolean {
    if (principal.kind !== 'page') return true
    return this.#parts.sites.standsSince(siteName(principal), revocations)
  }

  /** @throws KeyhearthError `disconnected` */
  #assertStands(run: Run): void {
    if (!this.#stands(run)) throw new KeyhearthError('disconnected')
  }

  async #mayPage(page: PagePrincipal, row: OperationRow): Promise<boolean> {
    const rights = await this.#parts.sites.rightsOf(page)
    return row.right !== undefined && rights.includes(row.right)
  }

  async #authorisePage(page: PagePrincipal, row: OperationRow): Promise<void> {
    if (!row.callers.includes('page') || !row.right) throw new KeyhearthError('not-allowed')
    const rights = await this.#parts.sites.rightsOf(page)
    if (rights.length === 0) throw new KeyhearthError('disconnected')
    if (!rights.includes(row.right)) throw new KeyhearthError('not-allowed')
  }

  #context(run: Run): Context {
    const { hsm } = this.#parts
    const opened = () => run.opened ?? hsm.opened
    return {
      principal: run.principal,
      get account() {
        return accountOf(run.principal, hsm)
      },
      now: run.now,
      requestId: run.requestId,
      eventId: run.eventId,
      hsm,
      get vault() {
        return opened().vault
      },
      get records() {
        return opened().records
      },
      staged: run.staged,
      alone: run.alone,
      approvedGrant: run.approvedGrant,
      reveals: run.row.reveals === true,
      touch: (arn) => run.touched.add(arn),
      use: (fresh) => {
        run.opened = fresh
      },
      afterCommit: (action) => run.after.push(action),
    }
  }

  async #recordFailure(run: Run, error: unknown): Promise<void> {
    const failed: Run = { ...run, staged: new Staged(), opened: this.#parts.hsm.openedIfAny }
    try {
      await this.#commit(failed, { failure: toErrorReply(error) })
    } catch (second) {
      // The refusal itself must reach the caller even where it cannot be written down.
      console.error('keyhearth: trail', second)
    }
  }

  async #commit(run: Run, end: End): Promise<void> {
    const { opened, staged, row } = run
    const { hsm } = this.#parts
    if (end.output) this.#assertStands(run)
    const [sealed, plain, entry] = await Promise.all([
      opened?.records.seal(staged, row.mutates),
      opened ? staged.plain : followingDeviceRows(hsm, staged.plain),
      this.#trailEntry(run, end),
    ])
    // The last moment: what the page is answered, and the trail says was done, was still allowed.
    if (end.output) this.#assertStands(run)
    await commit(hsm.db, [...(sealed?.changes ?? []), ...plain], entry)
    sealed?.committed()
  }

  async #trailEntry(run: Run, { output, failure }: End): Promise<AdvanceTrail | null> {
    const { hsm } = this.#parts
    if (isQuiet(run)) return null
    const account = accountOf(run.principal, hsm)
    const event = describeEvent({
      operation: run.name,
      row: run.row,
      input: run.input,
      output: output ? { ...output } : null,
      principal: run.principal,
      account,
      principalArn: hsm.vaultRow ? rootArn(account) : '',
      requestId: run.requestId,
      eventId: run.eventId,
      now: run.now,
      touched: [...run.touched],
      failure: failure ?? null,
    })
    // Before the first vault there is no key and nothing to tell; creation is sealed by what it makes.
    return prepareEvent(hsm, run.opened?.vault ?? null, event)
  }
}

/** How an operation ended. */
interface End {
  readonly output?: Output<OperationName>
  readonly failure?: ErrorReply
}

type KnownRun = Run & { readonly name: OperationName }

const newRun = (
  principal: Principal,
  name: Run['name'],
  row: OperationRow,
  requestId: string,
): Run => ({
  principal,
  name,
  row,
  requestId,
  eventId: crypto.randomUUID(),
  alone: false,
  approvedGrant: null,
  now: Date.now(),
  staged: new Staged(),
  touched: new Set(),
  after: [],
  opened: null,
  input: null,
  revocations: 0,
})

/** The person looking at their own screen, or turning a page of what was recorded as one request. */
function isQuiet({ principal, row, input }: Run): boolean {
  if (principal.kind === 'page') return false
  const { record, goesOn } = row
  return record === null || (goesOn !== undefined && input !== null && goesOn in input)
}

function parse(name: OperationName, input: unknown): AnyInput {
  const result = v.safeParse(inputs[name], input, { abortEarly: true })
  if (result.success) return result.output
  const [issue] = result.issues
  const where = v.getDotPath(issue)
  const what = `${where ?? 'request'}: ${issue.message}`.slice(0, 200)
  throw new KeyhearthError('invalid-input', { what })
}

/** What the overlay is for. It stands in a page, where nothing is decided. */
const inOverlay: ReadonlySet<Run['name']> = new Set([
  'keyhearth:GetStatus',
  'keyhearth:GetSettings',
  'keyhearth:TakeView',
  'keyhearth:CloseView',
  'keyhearth:OpenToUnlock',
  'keyhearth:DecryptMessage',
] as const)

const mayHere = (principal: Principal, name: Run['name']): boolean =>
  principal.kind !== 'person' || principal.page !== 'overlay' || inOverlay.has(name)

const isConsentWindow = (principal: Principal): boolean =>
  principal.kind === 'person' && principal.page === 'consent'

const changesSecrets = ({ staged }: Run): boolean =>
  staged.puts.some(({ store }) => store === 'secretBlocks')

/** Fallen disk: the person may still read what is theirs. A page, or a change, may not go unrecorded. */
function mayGoUnrecorded({ principal, staged }: Run, error: unknown): boolean {
  const full = error instanceof KeyhearthError && error.reason === 'storage-full'
  // Counting a use is no change: it is lost with the disk, the person's data is not.
  const puts = staged.puts.filter(({ store }) => store !== 'usage')
  const changes = puts.length + staged.removals.length + staged.plain.length
  return full && changes === 0 && principal.kind === 'person'
}

function accountOf(principal: Principal, hsm: SecurityModule): string {
  const { vaultRow } = hsm
  if (!vaultRow) return ''
  return accountId(vaultRow.vaultId, principal.kind === 'page' ? siteName(principal) : null)
}
