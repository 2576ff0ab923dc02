package io.millrace.operators.record;

import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;

/**
 * A record on its way out with the trace context of the request behind it.
 *
 * @param record what is written
 * @param traceparent W3C trace context for the record's header; may be null
 */
public record Traced<T>(T record, String traceparent) {

  @SuppressWarnings("unchecked")
  public static <R extends SpecificRecordBase> TypeInformation<Traced<R>> typeOf(Class<R> record) {
    return (TypeInformation<Traced<R>>)
        (TypeInformation<?>)
            Types.POJO(
                Traced.class,
                Map.of("record", new AvroTypeInfo<>(record), "traceparent", Types.STRING));
  }
}
