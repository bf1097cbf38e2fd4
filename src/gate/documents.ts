// gate: who asks, may they, dispatch, record. This file: reaching the documents of web pages.

import { browser } from 'wxt/browser'
import type { Notice, PagePart } from '../protocol/messages.ts'
import type { PagePrincipal } from '../protocol/principals.ts'
import { readSite } from '../protocol/sites.ts'

export type Document = Pick<PagePrincipal, 'tabId' | 'frameId' | 'documentId'>

/** One name for a document; where the browser has no document ids, the frame stands for it. */
export const documentKey = ({ tabId, frameId, documentId }: Document): string =>
  documentId === '' ? `${tabId}/${frameId}` : documentId

const target = ({ frameId, documentId }: Document) =>
  documentId === '' ? { frameId } : { documentId }

/** The relay's answer, or `null` where the document is gone or its relay is from before an update. */
export async function notify(document: Document, notice: Notice): Promise<unknown> {
  try {
    return await browser.tabs.sendMessage(document.tabId, notice, target(document))
  } catch {
    return null
  }
}

/** All frames of a tab hear it; an answer comes from the first that has one. */
export async function notifyTab(tabId: number, notice: Notice): Promise<unknown> {
  try {
    return await browser.tabs.sendMessage(tabId, notice)
  } catch {
    return null
  }
}

/** Whether it stands in its tab now: a message reaches no document that was left. */
export const isPresent = async (document: Document): Promise<boolean> =>
  (await notify(document, { keyhearth: 1, type: 'present' })) === true

/** Runs the provider in one document, if it is still there. */
export const injectProvider = (document: Document): Promise<boolean> =>
  inject(targetOf(document), 'MAIN', '/provider.js')

/** What a provider needs of what most pages never do. */
export const injectPart = (document: Document, part: PagePart): Promise<boolean> =>
  inject(targetOf(document), 'MAIN', `/${part}.js`)

/** The same for the reader, which the page's own scripts cannot reach. */
export const injectReader = (document: Document): Promise<boolean> =>
  inject(targetOf(document), 'ISOLATED', '/reader.js')

/** Every frame of the tab looks whether it has rights, out of sight of its page (relay/frame). */
export const askFrames = (tabId: number): Promise<boolean> =>
  inject({ tabId, allFrames: true }, 'ISOLATED', '/frame.js')

type Target = Parameters<typeof browser.scripting.executeScript>[0]['target']

const targetOf = ({ tabId, frameId, documentId }: Document): Target =>
  documentId === '' ? { tabId, frameIds: [frameId] } : { tabId, documentIds: [documentId] }

/** What fills forms, in each frame of a tab: the one with the focus goes on. */
export async function injectFiller(tabId: number): Promise<void> {
  try {
    await browser.scripting.executeScript({
      target: { tabId, allFrames: true },
      injectImmediately: true,
      files: ['/filler.js'],
    })
  } catch {
    // A tab that may not be reached is one that nobody answers from.
  }
}

async function inject(
  to: Target,
  world: 'MAIN' | 'ISOLATED',
  file: '/provider.js' | `/${PagePart}.js` | '/reader.js' | '/frame.js',
): Promise<boolean> {
  try {
    await browser.scripting.executeScript({
      target: to,
      world,
      injectImmediately: true,
      files: [file],
    })
    return true
  } catch {
    return false
  }
}

/**
 * A match pattern for an origin. Chromium matches ports, and any where none is named; Firefox has no ports in
 * patterns, so there the script also runs on other ports of the host and finds itself not attached (provider).
 */
function originPattern(origin: string): string {
  const { protocol, hostname, port } = new URL(origin)
  const ports = port || (protocol === 'https:' ? '443' : '80')
  return `${protocol}//${hostname}${import.meta.env.FIREFOX ? '' : `:${ports}`}/*`
}

/** The top documents of sites, and those that sites are framed in. */
export async function documentsOf(sites: readonly string[]): Promise<Document[]> {
  if (sites.length === 0) return []
  const tops = new Set(sites.map(readSite).map(({ origin, top = origin }) => top))
  const tabs = await browser.tabs.query({ url: [...tops].map(originPattern) })
  return tabs.flatMap(({ id }) =>
    id === undefined ? [] : [{ tabId: id, frameId: 0, documentId: '' }],
  )
}

type Registered = Parameters<typeof browser.scripting.registerContentScripts>[0][number]

const registration = { runAt: 'document_start', persistAcrossSessions: false } as const

/** In top documents the provider stands before the page's first script. */
const providerIn = (origin: string): Registered => ({
  ...registration,
  id: origin,
  matches: [originPattern(origin)],
  js: ['/provider.js'],
  world: 'MAIN',
  allFrames: false,
})

/** Which page frames it the browser does not match by: a frame asks first, unseen by its page. */
const frameScriptIn = (origin: string): Registered => ({
  ...registration,
  id: `frame ${origin}`,
  matches: [originPattern(origin)],
  js: ['/frame.js'],
  world: 'ISOLATED',
  allFrames: true,
})

/** Where no messages are to be looked for: beside the relay, in every frame of these origins (relay/quiet). */
const quietIn = (origin: string): Registered => ({
  ...registration,
  id: quietMark + origin,
  matches: [originPattern(origin)],
  js: ['/quiet.js'],
  world: 'ISOLATED',
  allFrames: true,
  matchOriginAsFallback: true,
})

const quietMark = 'quiet '
const isQuiet = ({ id }: Pick<Registered, 'id'>): boolean => id.startsWith(quietMark)

/** Brings the scripts of connected sites in line with which there are. */
export function registerProviders(sites: readonly string[]): Promise<void> {
  const whole = sites.map(readSite)
  const tops = whole.filter(({ top }) => top === undefined).map(({ origin }) => origin)
  const framed = new Set(whole.map(({ origin }) => origin))
  const wanted = [...tops.map(providerIn), ...[...framed].map(frameScriptIn)]
  return register(wanted, (script) => !isQuiet(script))
}

export const registerQuiet = (origins: readonly string[]): Promise<void> =>
  register(origins.map(quietIn), isQuiet)

/**
 * Makes `wanted` of those that are `concerned`. They are not persisted by the browser, which would keep the origins
 * in clear in the profile; every start registers them anew.
 */
async function register(
  wanted: readonly Registered[],
  concerned: (script: Pick<Registered, 'id'>) => boolean,
): Promise<void> {
  const ids = new Set(wanted.map(({ id }) => id))
  const registered = await browser.scripting.getRegisteredContentScripts()
  const present = new Set(registered.filter(concerned).map(({ id }) => id))
  const gone = [...present].filter((id) => !ids.has(id))
  if (gone.length > 0) await browser.scripting.unregisterContentScripts({ ids: gone })
  const missing = wanted.filter(({ id }) => !present.has(id))
  if (missing.length > 0) await browser.scripting.registerContentScripts(missing)
}
