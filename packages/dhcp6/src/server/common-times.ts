import type { Option } from '../option.ts';

/**
 * Has all associations of an answer renewed together: "The T1/T2 values set in each applicable IA option for a Reply MUST be
 * the same across all IAs" (section 18.3.4, and 18.3.2 and 18.3.5). Those without leases have none.
 */
export function withCommonTimes(options: readonly Option[]): readonly Option[] {
  let t1Seconds = Infinity;
  let t2Seconds = Infinity;
  let differ = false;
  for (const option of options) {
    if (!hasLease(option)) continue;
    differ ||= t2Seconds !== Infinity && option.value.t2Seconds !== t2Seconds;
    t1Seconds = Math.min(t1Seconds, option.value.t1Seconds);
    t2Seconds = Math.min(t2Seconds, option.value.t2Seconds);
  }
  if (!differ) return options;
  return options.map((option) => {
    if (!hasLease(option) || option.value.t2Seconds === t2Seconds) return option;
    return { kind: option.kind, value: { ...option.value, t1Seconds, t2Seconds } };
  });
}

function hasLease(option: Option): option is Option & { readonly kind: 'iaNa' | 'iaPd' } {
  if (option.kind !== 'iaNa' && option.kind !== 'iaPd') return false;
  return option.value.options.some((each) => {
    return (each.kind === 'iaAddress' || each.kind === 'iaPrefix') && each.value.validLifetimeSeconds > 0;
  });
}
