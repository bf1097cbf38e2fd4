// gate: who asks, may they, dispatch, record. This file: which sites the person allowed what. `Origin` is a
// site's name (protocol/sites): an origin, or one in another.
//
// The truth is a record sealed under the vault key. Beside it stands a mirror sealed under the root key
// alone, so that an allowed page finds Keyhearth while it is locked (it can then only wait).

import type { Context } from '../hsm/context.ts'
import { accountId, type Opened, type SecurityModule } from '../hsm/module.ts'
import { recordKind, type Staged } from '../hsm/records.ts'
import { openForDevice, sealForDevice } from '../hsm/rootKey.ts'
import { allGrants, isOver, removeGrantsTo } from '../kms/grantRecords.ts'
import type { Right } from '../protocol/operationRow.ts'
import type { Site } from '../protocol/outputs.ts'
import type { PagePrincipal } from '../protocol/principals.ts'
import { blockableBy, isSite, readSite, siteName } from '../protocol/sites.ts'
import { commit } from '../store/commit.ts'
import { type Document, documentKey } from './documents.ts'
import type { Once, SessionState, StoredRequest } from './session.ts'

interface SiteRecord {
  readonly origin: string
  readonly rights: readonly Right[]
  readonly allowedAt: number
}

interface UsageRecord {
  readonly uses: number
  readonly lastUsedAt: number
}

const sites = recordKind<SiteRecord>('sites')
const usage = recordKind<UsageRecord>('usage')
const mostBlocked = 10_000
interface Given {
  readonly once: readonly Once[]
  /** Of each grant that is not over. */
  readonly grantees: readonly string[]
  readonly names: readonly string[]
}

type SiteRequest = Pick<StoredRequest, 'Origin' | 'Document' | 'Rights'>
type Mirror = Readonly<Record<string, readonly Right[]>>

const siteRow = ({ vault }: Opened, origin: string) => vault.label('site', origin)
const siteGroup = ({ vault }: Opened) => vault.label('sites', '')

/** What sites have to do with the browser. */
export interface SitesInBrowser {
  /** Told the sites that have lasting rights, whenever they change. */
  connected(sites: readonly string[]): Promise<void>
  /** Whether this very document still stands in its tab. */
  isPresent(document: Document): Promise<boolean>
}

export class Sites {
  readonly #hsm: SecurityModule
  readonly #session: SessionState
  readonly #browser: SitesInBrowser
  #mirror: Mirror = {}
  /** How often each was revoked since the worker started: what is under way may have begun before. */
  readonly #revocations = new Map<string, number>()
  /** Origins that the person wants to hear no more of. */
  #blocked: readonly string[] = []

  constructor(hsm: SecurityModule, session: SessionState, inBrowser: SitesInBrowser) {
    this.#hsm = hsm
    this.#session = session
    this.#browser = inBrowser
  }

  async load(): Promise<void> {
    const device = this.#hsm.deviceIfAny
    this.#mirror = device
      ? ((await openForDevice<Mirror>(this.#hsm.db, device, 'site-mirror')) ?? {})
      : {}
    this.#blocked = device
      ? ((await openForDevice<string[]>(this.#hsm.db, device, 'blocked')) ?? [])
      : []
    await this.#browser.connected(this.origins)
  }

  get blocked(): readonly string[] {
    return this.#blocked
  }

  /** An origin is blocked in whatever page its frames stand; a page, with the frames in it. */
  isBlocked(site: string): boolean {
    return blockableBy(site).some((name) => this.#blocked.includes(name))
  }

  /** What it was allowed ends with that, too, once the vault is open to write it down. */
  async stageBlock(context: Context, origin: string): Promise<void> {
    if (this.#hsm.state === 'unlocked') {
      const ended = this.origins.filter((site) => blockableBy(site).includes(origin))
      await this.stageRevoke(context, [...new Set([origin, ...ended])])
    }
    await this.#stageBlocked(context, [...new Set([...this.#blocked, origin])].slice(-mostBlocked))
  }

  stageUnblock(context: Context, origin: string): Promise<void> {
    return this.#stageBlocked(
      context,
      this.#blocked.filter((one) => one !== origin),
    )
  }

  async #stageBlocked(context: Context, blocked: readonly string[]): Promise<void> {
    context.staged.change(await sealForDevice(this.#hsm.device, 'blocked', blocked))
    context.afterCommit(() => {
      this.#blocked = blocked
    })
  }

  /** Every site that is connected for good. */
  get origins(): string[] {
    return Object.keys(this.#mirror)
  }

  /** While unlocked by the sealed record; while locked by the mirror, which only lets a page wait. */
  async rightsOf(page: PagePrincipal): Promise<readonly Right[]> {
    const site = siteName(page)
    if (this.isBlocked(site)) return []
    const lasting = await this.#lastingRights(site)
    return [...new Set([...lasting, ...(await this.#rightsOnce(page, site))])]
  }

  /** Whether a page that asked for rights has them by now. */
  async hasAll({ Origin, Document, Rights }: SiteRequest): Promise<boolean> {
    const page: PagePrincipal = { kind: 'page', ...readSite(Origin), ...Document }
    const has = await this.rightsOf(page)
    return Rights.length > 0 && Rights.every((right) => has.includes(right))
  }

  /** Its own, and those of the top document that it is a frame of, where both are of one site. */
  async #rightsOnce(page: PagePrincipal, site: string): Promise<readonly Right[]> {
    const once = this.#session.get('once')
    const own = once[documentKey(page)]
    if (own?.site === site) return own.rights
    if (page.frameId === 0 || page.top !== undefined) return []
    const above = Object.values(once).find(
      (one) => one.site === site && one.document.frameId === 0 && one.document.tabId === page.tabId,
    )
    // Another document may be the tab's by now, of whose leaving nobody could tell.
    return above && (await this.#browser.isPresent(above.document)) ? above.rights : []
  }

  async #lastingRights(origin: string): Promise<readonly Right[]> {
    const opened = this.#hsm.openedIfAny
    if (!opened) return Object.hasOwn(this.#mirror, origin) ? (this.#mirror[origin] ?? []) : []
    return (await opened.records.get(sites, siteRow(opened, origin)))?.rights ?? []
  }

  async allowOnce(page: PagePrincipal, rights: readonly Right[]): Promise<void> {
    const once = this.#session.get('once')
    const { tabId, frameId, documentId } = page
    const given = { site: siteName(page), rights, document: { tabId, frameId, documentId } }
    await this.#session.set('once', { ...once, [documentKey(page)]: given })
  }

  async forgetDocument(page: PagePrincipal): Promise<void> {
    const { [documentKey(page)]: dropped, ...rest } = this.#session.get('once')
    if (dropped) await this.#session.set('once', rest)
  }

  async stageAllow(context: Context, origin: string, rights: readonly Right[]): Promise<void> {
    const opened = this.#hsm.opened
    const before = await this.#lastingRights(origin)
    const record: SiteRecord = {
      origin,
      rights: [...new Set([...before, ...rights])],
      allowedAt: context.now,
    }
    context.staged.put(sites, siteRow(opened, origin), siteGroup(opened), record)
    await this.#stageMirror(context, { ...this.#mirror, [origin]: record.rights })
  }

  async stageRevoke(context: Context, ended: readonly string[]): Promise<void> {
    const opened = this.#hsm.opened
    for (const site of ended) context.staged.remove(sites, siteRow(opened, site))
    const accounts = ended.map((site) => accountId(opened.vault.vaultId, site))
    await removeGrantsTo(context, [...ended, ...accounts])
    const rest = Object.entries(this.#mirror).filter(([site]) => !ended.includes(site))
    context.afterCommit(() => {
      for (const site of ended) this.#revocations.set(site, this.revocationsOf(site) + 1)
      const once = Object.entries(this.#session.get('once'))
      const kept = once.filter(([, { site }]) => !ended.includes(site))
      return this.#session.set('once', Object.fromEntries(kept))
    })
    await this.#stageMirror(context, Object.fromEntries(rest))
  }

  revocationsOf(site: string): number {
    return this.#revocations.get(site) ?? 0
  }

  /** From memory alone: whether the site is what it was when this number was `revocationsOf` it. */
  standsSince(site: string, revocations: number): boolean {
    return this.revocationsOf(site) === revocations && !this.isBlocked(site)
  }

  async #stageMirror(context: Context, mirror: Mirror): Promise<void> {
    context.staged.change(await sealForDevice(this.#hsm.device, 'site-mirror', mirror))
    context.afterCommit(async () => {
      this.#mirror = mirror
      await this.#browser.connected(this.origins)
    })
  }

  /** After recovery on a new root key: the mirror again, from the records. */
  async restoreMirror(): Promise<void> {
    const { opened, device, db } = this.#hsm
    const all = await opened.records.list(sites, siteGroup(opened))
    this.#mirror = Object.fromEntries(all.map(({ origin, rights }) => [origin, rights]))
    await commit(db, [await sealForDevice(device, 'site-mirror', this.#mirror)], null)
    await this.#browser.connected(this.origins)
  }

  /** Counts a use with the operation, in its commit or soon behind it. Two at once may count as one: it is no limit. */
  async stageUse(staged: Staged, origin: string, now: number): Promise<void> {
    const opened = this.#hsm.opened
    const before = await opened.records.getIfWhole(usage, siteRow(opened, origin))
    const record = { uses: (before?.uses ?? 0) + 1, lastUsedAt: now }
    staged.count(usage, siteRow(opened, origin), null, record)
  }

  /** `null` for one that may do nothing. */
  async describe(context: Context, origin: string): Promise<Site | null> {
    const opened = this.#hsm.opened
    const record = await opened.records.get(sites, siteRow(opened, origin))
    const given = await this.#given(context)
    return record || given.names.includes(origin) ? this.#describe(origin, record, given) : null
  }

  /** Each that may do anything: for good, in a document that is open, or with a key it was granted. */
  async list(context: Context): Promise<Site[]> {
    const opened = this.#hsm.opened
    const all = await opened.records.list(sites, siteGroup(opened))
    const records = new Map(all.map((record) => [record.origin, record]))
    const given = await this.#given(context)
    const names = [...new Set([...records.keys(), ...given.names])]
    return Promise.all(names.map((name) => this.#describe(name, records.get(name) ?? null, given)))
  }

  /** What sites have besides lasting rights. */
  async #given(context: Context): Promise<Given> {
    const all = Object.values(this.#session.get('once'))
    const present = await Promise.all(all.map((one) => this.#browser.isPresent(one.document)))
    const once = all.filter((_one, at) => present[at])
    const grants = (await allGrants(context)).filter((grant) => !isOver(grant, context.now))
    const grantees = grants.map(({ grantee }) => grantee)
    return { once, grantees, names: [...once.map(({ site }) => site), ...grantees.filter(isSite)] }
  }

  async #describe(Origin: string, record: SiteRecord | null, given: Given): Promise<Site> {
    const opened = this.#hsm.opened
    const used = await opened.records.getIfWhole(usage, siteRow(opened, Origin))
    const AccountId = accountId(opened.vault.vaultId, Origin)
    const once = given.once.filter(({ site }) => site === Origin)
    return {
      Origin,
      AccountId,
      Rights: record?.rights ?? [],
      AllowedAt: record ? record.allowedAt / 1000 : null,
      OnceRights: [...new Set(once.flatMap(({ rights }) => rights))],
      Grants: given.grantees.filter((one) => one === Origin || one === AccountId).length,
      LastUsedAt: used ? used.lastUsedAt / 1000 : null,
      Uses: used?.uses ?? 0,
    }
  }
}
