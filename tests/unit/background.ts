// The background as unit tests run it: the real gate, services, hsm and store over fake-indexeddb, with
// storage areas in memory. `restart` is what a killed worker does: everything in memory is gone but
// `session`; `endBrowser` loses that too.

import 'fake-indexeddb/auto'
import { Approvals } from '../../src/gate/approvals.ts'
import { refuseClosed } from '../../src/gate/closedWindows.ts'
import { Gate } from '../../src/gate/dispatch.ts'
import { Fillings } from '../../src/gate/filling.ts'
import { handlersOf } from '../../src/gate/operations.ts'
import { PageDocuments } from '../../src/gate/pageDocuments.ts'
import { Quorum } from '../../src/gate/quorum.ts'
import { Requests } from '../../src/gate/requests.ts'
import { SessionState } from '../../src/gate/session.ts'
import { Sites } from '../../src/gate/sites.ts'
import { Views } from '../../src/gate/views.ts'
import type { Memory, StorageArea } from '../../src/hsm/memory.ts'
import { SecurityModule } from '../../src/hsm/module.ts'
import type { ErrorReason } from '../../src/protocol/errors.ts'
import type { OperationName } from '../../src/protocol/operations.ts'
import type { Output } from '../../src/protocol/outputs.ts'
import type { Principal } from '../../src/protocol/principals.ts'
import type { Input } from '../../src/protocol/schemas.ts'
import { type Connection, Database } from '../../src/store/database.ts'
import { allStores } from '../../src/store/schema.ts'

export class MemoryArea implements StorageArea {
  items = new Map<string, unknown>()
  async get(key: string) {
    return this.items.has(key) ? { [key]: structuredClone(this.items.get(key)) } : {}
  }
  async set(items: Record<string, unknown>) {
    for (const [key, value] of Object.entries(items)) {
      this.items.set(key, JSON.parse(JSON.stringify(value)))
    }
  }
  async remove(key: string) {
    this.items.delete(key)
  }
  copy(): MemoryArea {
    const copy = new MemoryArea()
    copy.items = structuredClone(this.items)
    return copy
  }
}

export const person: Principal = { kind: 'person', page: 'popup' }
export const consent: Principal = { kind: 'person', page: 'consent' }
export const page = (origin: string): Extract<Principal, { kind: 'page' }> => ({
  kind: 'page',
  origin,
  tabId: 1,
  frameId: 0,
  documentId: `document of ${origin}`,
})

export const passphrase = 'correct horse battery staple'

let madeOnce: Promise<Background> | null = null

async function copyRows(from: Connection, to: Connection): Promise<void> {
  for (const store of allStores) {
    for (const row of await from.getAll(store)) await to.put(store, row)
  }
}

export class Background {
  session = new MemoryArea()
  local = new MemoryArea()
  readonly #name = crypto.randomUUID()
  #store: Database | null = null
  /** How often windows were told that secrets changed. */
  secretsChanged = 0
  /** Documents that their tabs show no more. */
  readonly left = new Set<string>()
  /** The database as somebody with the disk could change it. */
  db!: Connection
  hsm!: SecurityModule
  gate!: Gate
  sites!: Sites
  requests!: Requests
  quorum!: Quorum

  static async start(): Promise<Background> {
    const background = new Background()
    await background.restart()
    return background
  }

  /** With a vault that no other has: another person's, say. */
  static async withVaultOfItsOwn(): Promise<Background> {
    const background = await Background.start()
    await background.call('keyhearth:CreateVault', { Passphrase: passphrase })
    return background
  }

  /** With a vault as it was just made. It is made once in a file, for Argon2id costs what it shall, and copied. */
  static async withVault(): Promise<Background> {
    madeOnce ??= Background.withVaultOfItsOwn()
    return (await madeOnce).copy()
  }

  /** Another browser that is just as this one is now. */
  async copy(): Promise<Background> {
    const copy = await Background.start()
    await copyRows(this.db, copy.db)
    copy.session = this.session.copy()
    copy.local = this.local.copy()
    await copy.restart()
    return copy
  }

  async restart(): Promise<void> {
    await this.#store?.close()
    const memory: Memory = { session: this.session, local: this.local }
    this.#store = new Database(this.#name)
    this.db = await this.#store.connect()
    this.hsm = await SecurityModule.start(this.#store, memory)
    const state = await SessionState.load(this.session)
    this.sites = new Sites(this.hsm, state, {
      connected: async () => {},
      isPresent: async ({ documentId }) => !this.left.has(documentId),
    })
    this.requests = new Requests(state, {
      isGranted: (request) => this.sites.hasAll(request),
      closed: (windowId) => refuseClosed(this, windowId),
    })
    this.quorum = new Quorum(state, () => {})
    await this.sites.load()
    const { hsm, sites, requests, quorum } = this
    const approvals = new Approvals(state)
    const documents = new PageDocuments()
    const views = new Views()
    const changed = async () => {}
    const fillings = new Fillings()
    const handlers = handlersOf({
      sites,
      requests,
      approvals,
      documents,
      quorum,
      views,
      fillings,
      session: state,
      changed,
    })
    const secretsChanged = () => {
      this.secretsChanged++
    }
    this.gate = new Gate({
      hsm,
      sites,
      requests,
      approvals,
      documents,
      quorum,
      handlers,
      secretsChanged,
    })
  }

  /** What its worker has under way neither ends nor writes anything more. */
  kill(): void {
    if (this.#store) this.#store.connect = () => new Promise(() => {})
    this.session = this.session.copy()
    this.local = this.local.copy()
  }

  async endBrowser(): Promise<void> {
    this.session.items.clear()
    await this.restart()
  }

  /** As the person, unless told otherwise. */
  call<Name extends OperationName>(
    operation: Name,
    input: Input<Name>,
    principal: Principal = person,
  ): Promise<Output<Name>> {
    return this.gate.perform(principal, operation, input)
  }

  /** The reason of the refusal a call meets. */
  async refusal<Name extends OperationName>(
    operation: Name,
    input: unknown,
    principal: Principal = person,
  ): Promise<ErrorReason | 'none' | 'wait'> {
    const reply = await this.gate.answer(principal, {
      keyhearth: 1,
      type: 'call',
      id: crypto.randomUUID(),
      operation,
      input: input as Input<Name>,
    })
    if (reply.ok) return 'none'
    return 'wait' in reply ? 'wait' : reply.error.reason
  }
}
