// What was dropped or chosen, whole folders with it, as files with their paths.

const readBatch = (reader) => new Promise((resolve, reject) => reader.readEntries(resolve, reject));
const fileOf = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));

async function walk(entry) {
  if (entry.isFile) return [{ path: entry.fullPath.slice(1), file: await fileOf(entry) }];
  const reader = entry.createReader();
  const found = [];
  // A folder gives its entries in batches, the last of which is empty.
  for (let batch = await readBatch(reader); batch.length; batch = await readBatch(reader)) {
    for (const each of batch) found.push(...(await walk(each)));
  }
  return found;
}

export async function dropped(transfer) {
  // The list is emptied when the handler returns, so all entries are taken at once.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  return (await Promise.all(entries.map(walk))).flat();
}

export function chosen(files) {
  return [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

export const isHidden = ({ path }) => path.split("/").some((part) => part.startsWith("."));

export function folders(entries) {
  return new Set(entries.map(({ path }) => path.split("/").at(-2) ?? "")).size;
}
