import koffi from 'koffi';

let trim: ((pad: number) => number) | undefined;

/** Has the C library give back what is free of its heap, between blocks in use as well (malloc_trim(3)). */
export function giveBackFreeMemory(): void {
  // Whoever starts knows of it long before it is called.
  trim ??= koffi.load('libc.so.6').func('int malloc_trim(size_t pad)');
  trim(0);
}
