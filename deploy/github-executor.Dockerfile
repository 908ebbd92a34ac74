# Built from the project's folder, after mvn -DskipTests package:
#   docker build -f deploy/github-executor.Dockerfile -t offshoot/github-executor .
FROM eclipse-temurin:17-jre
RUN useradd --system --uid 10001 --no-create-home offshoot
WORKDIR /app
COPY github-executor/target/quarkus-app/lib/ lib/
COPY github-executor/target/quarkus-app/app/ app/
COPY github-executor/target/quarkus-app/quarkus/ quarkus/
COPY github-executor/target/quarkus-app/quarkus-run.jar .
USER 10001
EXPOSE 8080
ENV QUARKUS_HTTP_HOST=0.0.0.0
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "-jar", "quarkus-run.jar"]
