// protocol: the contract every context speaks. This file: what a text cannot do without to hold a message in its
// written form (codec/armour): a quick no for nearly every text of a page.

export const messageSigns = /BEGIN\s*KEYHEARTH\s*MESSAGE|\bkeyhearth:[\w-]{40}/
