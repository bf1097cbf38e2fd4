// ui: what the person sees; speaks the protocol like any other client. This file: the secret that is half-written in this
// window. Each lies in a row of its own: two windows overwrite nothing of each other's, and what one saves clears its own
// alone. A window holds a lock while it writes one; the next window takes up the newest that nobody holds.

import { type Signal, signal } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'
import type { Output } from '../protocol/outputs.ts'
import { call } from './call.ts'
import { type KeptDraft, makeDraft, useKept } from './draft.ts'
import { type OpenForm, readForm } from './itemForm.ts'
import type { ProofOfPerson } from './Proof.tsx'

type LeftDraft = Output<'keyhearth:ListItemDrafts'>['Drafts'][number]

export interface FormDraft extends KeptDraft<OpenForm | null> {
  /** One that is shown only after the person showed that it is they. */
  readonly waiting: Signal<LeftDraft | null>
  /** @throws KeyhearthError `passphrase-needed`, and as unlocking does */
  resume(left: LeftDraft, proof?: ProofOfPerson): Promise<void>
  discard(left: LeftDraft): void
  /** For the next that shows the form, in this window or another. */
  release(): void
}

/** A window that is going has its locks for a moment yet. */
const patienceMs = 250

/** Holds what is nobody's; the function given lets it go. `null`: another window has it. */
function hold(draftId: string): Promise<(() => void) | null> {
  return new Promise((resolve) => {
    const options = { signal: AbortSignal.timeout(patienceMs) }
    navigator.locks
      .request(`draft ${draftId}`, options, () => new Promise<void>((done) => resolve(done)))
      .catch(() => resolve(null))
  })
}

function makeFormDraft(): FormDraft {
  const waiting = signal<LeftDraft | null>(null)
  let draftId = ''
  let letGo: () => void = () => {}
  const leave = () => {
    letGo()
    letGo = () => {}
    draftId = ''
  }
  const take = (found: string, release: () => void) => {
    leave()
    draftId = found
    letGo = release
  }
  const begin = () => {
    draftId = crypto.randomUUID()
    const mine = draftId
    void hold(mine).then((release) => {
      if (release && mine === draftId) letGo = release
      else release?.()
    })
  }
  const draft = makeDraft<OpenForm | null>(null, {
    async read() {
      const { Drafts } = await call('keyhearth:ListItemDrafts', {})
      for (const left of Drafts) {
        const release = await hold(left.DraftId)
        if (!release) continue
        if (left.AskAgain) {
          release()
          waiting.value ??= left
          continue
        }
        const { Value } = await call('keyhearth:GetItemDraft', { DraftId: left.DraftId })
        const found = Value === null ? null : readForm(JSON.parse(Value))
        // What was typed in this window meanwhile is another.
        if (found === null || draft.value.value !== null) {
          release()
          return null
        }
        take(left.DraftId, release)
        return found
      }
      return null
    },
    async write(next) {
      const mine = draftId
      if (next === null) leave()
      if (mine !== '') await call('keyhearth:PutItemDraft', { DraftId: mine, Draft: draftOf(next) })
    },
  })
  return {
    ...draft,
    set(next) {
      if (draftId === '') begin()
      draft.set(next)
    },
    waiting,
    release: leave,
    async resume(left, proof) {
      const asked = { DraftId: left.DraftId, ...(proof === undefined ? {} : { Proof: proof }) }
      const { Value } = await call('keyhearth:GetItemDraft', asked)
      const found = Value === null ? null : readForm(JSON.parse(Value))
      const release = found && (await hold(left.DraftId))
      waiting.value = null
      if (!found || !release) return
      take(left.DraftId, release)
      draft.set(found)
    },
    discard(left) {
      waiting.value = null
      void call('keyhearth:PutItemDraft', { DraftId: left.DraftId, Draft: null }).catch(() => {})
    },
  }
}

function draftOf(form: OpenForm | null) {
  if (form === null) return null
  const { item, ref, guarded } = form
  return {
    Value: JSON.stringify(form),
    Title: item.title.trim(),
    AskAgain: guarded && ref !== null,
    ...(ref === null ? {} : { SecretId: ref.secretId }),
  }
}

export function useFormDraft(): FormDraft {
  const [draft] = useState(makeFormDraft)
  useKept(draft)
  useEffect(() => draft.release, [draft])
  return draft
}
