// kms: keys, their states and what is done under them; one file per family of operations.
// This file: custom key stores. There is one, this device: it is there, connected, and stays so. Until a
// person's devices make a cluster, all else is refused with AWS's own errors.

import type { Context, Handler } from '../hsm/context.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import type { CustomKeyStoresListEntry } from '../protocol/kmsOutputs.ts'
import { pageOf } from './paging.ts'
import { thisDevice } from './thisDevice.ts'

const name = 'this device'

const entryOf = (context: Context): CustomKeyStoresListEntry => ({
  ...thisDevice(context),
  CustomKeyStoreName: name,
  CustomKeyStoreType: 'AWS_CLOUDHSM',
  ConnectionState: 'CONNECTED',
  // The vault's own birthday would be the same for every site.
  ...(context.principal.kind === 'page'
    ? {}
    : { CreationDate: (context.hsm.vaultRow?.createdAt ?? 0) / 1000 }),
})

export const describeCustomKeyStores: Handler<'kms:DescribeCustomKeyStores'> = async (
  context,
  input,
) => {
  const { CustomKeyStoreId: id, CustomKeyStoreName: wanted } = input
  if (id !== undefined && wanted !== undefined) {
    throw new KeyhearthError('invalid-input', {
      what: 'give either CustomKeyStoreId or CustomKeyStoreName, not both',
    })
  }
  const store = entryOf(context)
  if (id !== undefined && id !== store.CustomKeyStoreId) throw notFound()
  if (wanted !== undefined && wanted !== name) throw notFound()
  const { items, page } = pageOf([store], (one) => one.CustomKeyStoreId, input, 1000)
  return { CustomKeyStores: items, ...page }
}

const notFound = () => new KeyhearthError('key-store-not-found')

/** What would change the one store: it is there, and it is not changed. */
function refuseChange(
  context: Context,
  { CustomKeyStoreId }: { readonly CustomKeyStoreId: string },
): never {
  if (CustomKeyStoreId !== thisDevice(context).CustomKeyStoreId) throw notFound()
  throw new KeyhearthError('key-store-state')
}

export const createCustomKeyStore: Handler<'kms:CreateCustomKeyStore'> = async (context, input) => {
  if (input.CustomKeyStoreType === 'EXTERNAL_KEY_STORE') {
    throw new KeyhearthError('unsupported', { what: 'external key stores' })
  }
  const { CloudHsmClusterId } = thisDevice(context)
  if (input.CloudHsmClusterId !== CloudHsmClusterId) throw new KeyhearthError('cluster-not-found')
  throw new KeyhearthError('cluster-in-use')
}

export const connectCustomKeyStore: Handler<'kms:ConnectCustomKeyStore'> = async (context, input) =>
  refuseChange(context, input)
export const disconnectCustomKeyStore: Handler<'kms:DisconnectCustomKeyStore'> = async (
  context,
  input,
) => refuseChange(context, input)
export const updateCustomKeyStore: Handler<'kms:UpdateCustomKeyStore'> = async (context, input) =>
  refuseChange(context, input)
export const deleteCustomKeyStore: Handler<'kms:DeleteCustomKeyStore'> = async (context, input) =>
  refuseChange(context, input)
