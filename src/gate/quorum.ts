// gate: who asks, may they, dispatch, record. This file: calls that several people must approve. Such a call is
// refused and waits; who approves gives a share; once enough did, the same call goes through, once. All of it is in
// memory only (`storage.session`), and ends with locking.

import { holderOf, provesQuorum, quorumOf } from '../cluster/quorumSet.ts'
import { encodeUtf8 } from '../codec/text.ts'
import type { Context, Handler } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { OperationName } from '../protocol/operations.ts'
import type { QuorumRequest } from '../protocol/outputs.ts'
import { ruleOf } from './quorumRules.ts'
import type { SessionState } from './session.ts'

export interface HeldRequest {
  readonly id: string
  readonly operation: OperationName
  readonly about: QuorumRequest['About']
  /** Keyed: of what the approval holds for, which may have a passphrase in it. */
  readonly digest: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  /** As they were typed. */
  readonly shares: readonly { readonly number: number; readonly typed: string }[]
  readonly approved: boolean
}

/** Each may be asked for by one press; nobody looks through more. */
const mostRequests = 16

export class Quorum {
  readonly #session: SessionState
  readonly #changed: () => void

  /** @param changed what waits is otherwise now: tell who shows it */
  constructor(session: SessionState, changed: () => void) {
    this.#session = session
    this.#changed = changed
  }

  get waiting(): readonly HeldRequest[] {
    return this.#session.get('quorum')
  }

  async #keep(requests: readonly HeldRequest[]): Promise<void> {
    await this.#session.set('quorum', requests)
    this.#changed()
  }

  /** @throws KeyhearthError `quorum-request-gone` */
  find(id: string, now: number): HeldRequest {
    const found = this.waiting.find((one) => one.id === id && now < one.expiresAt)
    if (!found) throw new KeyhearthError('quorum-request-gone')
    return found
  }

  /** Of one that was removed meanwhile, by locking say, nothing comes back. */
  change(id: string, next: Partial<Pick<HeldRequest, 'shares' | 'approved'>>): Promise<void> {
    return this.#keep(this.waiting.map((one) => (one.id === id ? { ...one, ...next } : one)))
  }

  async remove(id: string): Promise<void> {
    await this.#keep(this.waiting.filter((one) => one.id !== id))
  }

  async clear(): Promise<void> {
    if (this.waiting.length > 0) await this.#keep([])
  }

  /** Takes away those whose time is over; each is reported once. */
  async takeExpired(now: number): Promise<readonly string[]> {
    const over = this.waiting.filter(({ expiresAt }) => now >= expiresAt)
    if (over.length > 0) await this.#keep(this.waiting.filter((one) => !over.includes(one)))
    return over.map(({ id }) => id)
  }

  /**
   * Runs what needs nobody else, or what was approved. A call that fails after its approval may be tried again.
   * @throws KeyhearthError `quorum-needed`, `quorum-not-by-page`, `quorum-busy`
   */
  async guard<Answer>(
    context: Context,
    name: OperationName,
    input: unknown,
    run: () => Promise<Answer>,
  ): Promise<Answer> {
    const asked = await askedOf(context, name, input)
    if (!asked) return run()
    if (context.principal.kind === 'page') throw new KeyhearthError('quorum-not-by-page')
    const request = this.#sameAs(asked, context.now)
    if (!request?.approved) {
      if (!request) await this.#hold(context, asked)
      throw new KeyhearthError('quorum-needed')
    }
    await this.remove(request.id)
    try {
      return await run()
    } catch (error) {
      // Not into a vault that was locked meanwhile.
      const isSame = context.hsm.openedIfAny?.vault === context.vault
      if (isSame) await this.#putBack(request)
      throw error
    }
  }

  /** In the place of one that the same call, made meanwhile, left waiting. */
  async #putBack(request: HeldRequest): Promise<void> {
    const others = this.waiting.filter(({ digest }) => digest !== request.digest)
    await this.#keep([...others, request])
  }

  #sameAs({ operation, digest }: AskedCall, now: number): HeldRequest | undefined {
    return this.waiting.find(
      (one) => one.operation === operation && one.digest === digest && now < one.expiresAt,
    )
  }

  async #hold({ requestId, now }: Context, { lastsMs, ...asked }: AskedCall): Promise<void> {
    if (this.waiting.length >= mostRequests) throw new KeyhearthError('quorum-busy')
    const fresh = { id: requestId, expiresAt: now + lastsMs, shares: [], approved: false }
    await this.#keep([...this.waiting, { ...asked, ...fresh }])
  }
}

interface AskedCall extends Pick<HeldRequest, 'operation' | 'about' | 'digest'> {
  readonly lastsMs: number
}

/** What is to be approved of a call, or `null` where it needs nobody else. */
async function askedOf(
  context: Context,
  operation: OperationName,
  input: unknown,
): Promise<AskedCall | null> {
  const rule = ruleOf(operation)
  if (!rule) return null
  const given = input as never
  const group = await rule.asks(context, given)
  if (group === null) return null
  const quorum = await quorumOf(context)
  if (!quorum || (group !== 'always' && !quorum.groups.includes(group))) return null
  const bound = JSON.stringify([operation, await rule.binds(given, context)])
  return {
    operation,
    about: await rule.about(context, given),
    digest: context.vault.materialIdOf('quorum request', encodeUtf8(bound)),
    lastsMs: quorum.expiryMinutes * 60_000,
  }
}

export const listQuorumRequests =
  (quorum: Quorum): Handler<'keyhearth:ListQuorumRequests'> =>
  async (context) => {
    const set = await quorumOf(context)
    const describe = ({ id, operation, about, expiresAt, shares, approved }: HeldRequest) => {
      const numbers = new Set(shares.map(({ number }) => number))
      const holders = set?.holders ?? []
      return {
        RequestId: id,
        Operation: operation,
        About: about,
        ExpiresAt: expiresAt / 1000,
        Threshold: set?.threshold ?? 0,
        Given: holders.filter((_name, i) => numbers.has(i + 1)),
        Missing: holders.filter((_name, i) => !numbers.has(i + 1)),
        Approved: approved,
      }
    }
    return { Requests: quorum.waiting.map(describe) }
  }

export const approveByShare =
  (quorum: Quorum): Handler<'keyhearth:ApproveByShare'> =>
  async (context, { RequestId, Share }) => {
    const { vault, now } = context
    const set = await quorumOf(context)
    if (!set) throw new KeyhearthError('quorum-not-found')
    const request = quorum.find(RequestId, now)
    if (request.approved) throw new KeyhearthError('quorum-approved-already')
    const number = holderOf(set, Share)
    if (request.shares.some((one) => one.number === number)) {
      throw new KeyhearthError('shares-repeated')
    }
    const shares = [...request.shares, { number, typed: Share }]
    if (shares.length < set.threshold) {
      await quorum.change(RequestId, { shares })
      return { Holder: number, Approved: false }
    }
    const typed = shares.map((one) => one.typed)
    if (!(await provesQuorum(vault, set, typed))) {
      await quorum.change(RequestId, { shares: [] })
      throw new KeyhearthError('quorum-wrong-shares')
    }
    // Who gave theirs stays to be seen; what they gave has served.
    const seen = shares.map((one) => ({ number: one.number, typed: '' }))
    await quorum.change(RequestId, { shares: seen, approved: true })
    return { Holder: number, Approved: true }
  }

export const declineQuorumRequest =
  (quorum: Quorum): Handler<'keyhearth:DeclineQuorumRequest'> =>
  async ({ now, afterCommit }, { RequestId }) => {
    quorum.find(RequestId, now)
    afterCommit(() => quorum.remove(RequestId))
    return {}
  }

/** Only tells the trail: the gate has taken the request away. */
export const expireQuorumRequest: Handler<'keyhearth:ExpireQuorumRequest'> = async ({
  principal,
}) => {
  if (principal.kind !== 'service') throw new KeyhearthError('not-allowed')
  return {}
}
