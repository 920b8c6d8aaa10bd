import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface MetricDefinition<Label extends string> {
  /** Full name, in the manner of Prometheus: `hrbc_mail_import_batches_total`. */
  readonly name: string;
  readonly help: string;
  /** Each with few values: never a user, a mailbox or an id. */
  readonly labelNames?: readonly Label[];
}

/** What `/metrics` shows. Asking for the same name again gives the same metric. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  counter<Label extends string = never>(definition: MetricDefinition<Label>): Counter<Label> {
    return this.existing<Counter<Label>>(definition.name) ?? new Counter({ ...this.own(definition) });
  }

  /** `collect` is called whenever somebody looks, and sets the gauge. */
  gauge<Label extends string = never>(
    definition: MetricDefinition<Label> & { readonly collect?: (gauge: Gauge<Label>) => void | Promise<void> },
  ): Gauge<Label> {
    const { collect, ...rest } = definition;
    const existing = this.existing<Gauge<Label>>(definition.name);
    if (existing !== undefined) return existing;
    return new Gauge({
      ...this.own(rest),
      ...(collect !== undefined && {
        collect(this: Gauge<Label>) {
          return collect(this);
        },
      }),
    });
  }

  /** `buckets` are upper bounds, in the unit that the name says. */
  histogram<Label extends string = never>(
    definition: MetricDefinition<Label> & { readonly buckets: readonly number[] },
  ): Histogram<Label> {
    const { buckets, ...rest } = definition;
    return (
      this.existing<Histogram<Label>>(definition.name) ?? new Histogram({ ...this.own(rest), buckets: [...buckets] })
    );
  }

  private own<Label extends string>({ name, help, labelNames = [] }: MetricDefinition<Label>) {
    return { name, help, labelNames: [...labelNames], registers: [this.registry] };
  }

  private existing<Metric>(name: string): Metric | undefined {
    return this.registry.getSingleMetric(name) as Metric | undefined;
  }
}
