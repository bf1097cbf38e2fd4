// gate: who asks, may they, dispatch, record. This file: consent windows that close without an answer, which is a no.

import type { Gate } from './dispatch.ts'
import type { Requests } from './requests.ts'

interface Parts {
  readonly gate: Gate
  readonly requests: Requests
}

export async function refuseClosed({ gate, requests }: Parts, windowId: number): Promise<void> {
  for (const { RequestId } of requests.all.filter(({ WindowId }) => WindowId === windowId)) {
    await gate.perform({ kind: 'service' }, 'keyhearth:RefuseRequest', { RequestId })
  }
}
