// Files as one tar archive (POSIX.1-2001, pax), made without reading them: the browser does that
// while it sends.

const BLOCK = 512;
const text = new TextEncoder();

function octal(value, length) {
  return value.toString(8).padStart(length - 1, "0") + "\0";
}

function header(name, size, type) {
  const block = new Uint8Array(BLOCK);
  const put = (at, words) => block.set(text.encode(words), at);
  put(0, name);
  put(100, octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12) + octal(0, 12));
  put(148, "        " + type);
  put(257, "ustar\x0000");
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(148, octal(sum, 7) + " ");
  return block;
}

const padding = (size) => new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);

// "27 path=…\n", where the number counts itself.
function record(path) {
  const rest = text.encode(` path=${path}\n`).length;
  let length = rest;
  while (`${length}`.length + rest !== length) length = `${length}`.length + rest;
  return text.encode(`${length} path=${path}\n`);
}

function member({ path, file }, number) {
  const said = record(path);
  return [
    header("pax", said.length, "x"), said, padding(said.length),
    header(`file-${number}`, file.size, "0"), file, padding(file.size),
  ];
}

export function tar(entries) {
  return new Blob([...entries.flatMap(member), new Uint8Array(2 * BLOCK)]);
}

export async function tarGz(entries, name) {
  const packed = tar(entries).stream().pipeThrough(new CompressionStream("gzip"));
  return new File([await new Response(packed).blob()], name, { type: "application/gzip" });
}
