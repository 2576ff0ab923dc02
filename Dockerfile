# Millrace on Flink's official image: the engine and its native libraries on Flink's own class path,
# the job in usrlib. The engine computes on the CPU; docker-compose.gpu.yml only
# prepares for a CUDA runtime.
ARG FLINK_IMAGE=flink:2.3.0-java17

FROM eclipse-temurin:17-jdk AS build
ARG MAVEN_PROFILES=deploy
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw -B -ntp -P"${MAVEN_PROFILES}" -DskipTests package

FROM ${FLINK_IMAGE}
# Several tasks of one JVM share one engine, and native libraries load once: hence the parent class path.
COPY --from=build --chown=flink:flink /src/engine/target/deploy/lib/ /opt/flink/lib/
COPY --from=build --chown=flink:flink /src/job/target/deploy/millrace-job.jar /opt/flink/usrlib/
COPY --chown=flink:flink conf/config.yaml conf/log4j-console.properties /opt/flink/conf/
COPY --chown=flink:flink conf/docker/millrace.yaml /opt/millrace/conf/
COPY --chown=flink:flink models/ /opt/millrace/models/
RUN mkdir -p /opt/millrace/checkpoints && chown flink:flink /opt/millrace/checkpoints
WORKDIR /opt/millrace
USER flink
