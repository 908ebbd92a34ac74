# Built from the project's folder, after mvn -DskipTests package:
#   docker build -f deploy/orchestrator-service.Dockerfile -t offshoot/orchestrator-service .
FROM eclipse-temurin:17-jre
RUN useradd --system --uid 10001 --no-create-home offshoot
WORKDIR /app
COPY orchestrator-service/target/quarkus-app/lib/ lib/
COPY orchestrator-service/target/quarkus-app/app/ app/
COPY orchestrator-service/target/quarkus-app/quarkus/ quarkus/
COPY orchestrator-service/target/quarkus-app/quarkus-run.jar .
USER 10001
EXPOSE 8080
ENV QUARKUS_HTTP_HOST=0.0.0.0
# Health is on a port of its own, which only the container itself reaches; QUARKUS_MANAGEMENT_HOST=0.0.0.0 shows it to others.
ENV QUARKUS_MANAGEMENT_PORT=9000
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9000 && printf 'GET /q/health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && head -1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "-jar", "quarkus-run.jar"]
