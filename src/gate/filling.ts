// gate: who asks, may they, dispatch, record. This file: filling an item into the form of a page.

import type { Handler } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'

export const fillItem: Handler<'keyhearth:FillItem'> = async () => {
  throw new KeyhearthError('unsupported', { what: 'filling' })
}
