/** How ICU's data begins: behind a length of two octets that differs, up to the end of the format's name. */
const MAGIC = Buffer.from([0xda, 0x27]);
const FORMAT = Buffer.from('CmnD');
const FORMAT_AT = 12;

/** Of a language: its words, formats and rules, `de.res` or `zone/sr_Latn.res`. */
const LANGUAGE = /^(?:\w+\/)?(?!en\b|en_|res_index\b)[a-z]{2,3}(?:_\w+)?\.res$/;
/** Transliteration, numbers spelled out, names of characters, dictionaries of scripts without spaces, tables of character sets. */
const UNUSED = /^translit\/|^rbnf\/|^unames\.icu$|\.(?:dict|cnv|cfu|spp)$/;

/**
 * Takes out of Node what it knows of human languages but English, and of character sets but Unicode's: 29 of 111 MiB. Where it
 * was is nothing but zeroes, which take no room compressed. Whoever asks for a language gets the default one; time zones,
 * normalization and international domain names stay.
 *
 * It is ICU's data file (icu4c, common/ucmndata.h), a table of contents with names in order and offsets into what follows.
 *
 * @param node all of its file, which is changed
 * @throws Error when there is no such table
 */
export function leaveEnglish(node: Buffer): void {
  const base = findData(node);
  const count = node.readUInt32LE(base);
  const entries = Array.from({ length: count }, (_, index) => {
    const at = base + 4 + 8 * index;
    const [name, data] = [base + node.readUInt32LE(at), base + node.readUInt32LE(at + 4)];
    return { entry: node.subarray(at, at + 8), data, name: node.toString('latin1', name, node.indexOf(0, name)) };
  });
  let kept = 0;
  for (const [index, { entry, data, name }] of entries.entries()) {
    const end = entries[index + 1]?.data;
    const path = name.slice(name.indexOf('/') + 1);
    // Nobody tells where the last one ends.
    if (end === undefined || !(LANGUAGE.test(path) || UNUSED.test(path))) {
      // Not beyond where it was: those that are still to be looked at are intact.
      entry.copy(node, base + 4 + 8 * kept++);
    } else node.fill(0, data, end);
  }
  node.fill(0, base + 4 + 8 * kept, base + 4 + 8 * count);
  node.writeUInt32LE(kept, base);
}

/** @returns where the table of contents begins, behind a header that tells its own length */
function findData(node: Buffer): number {
  for (let at = 0; ; at++) {
    at = node.indexOf(FORMAT, at);
    if (at < 0) throw new Error(`no ICU data in Node's file`);
    const start = at - FORMAT_AT;
    if (node.subarray(start + 2, start + 4).equals(MAGIC)) return start + node.readUInt16LE(start);
  }
}
