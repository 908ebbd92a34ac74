# Built from the project's folder, after mvn -DskipTests package:
#   docker build -f deploy/vercel-executor.Dockerfile -t offshoot/vercel-executor .
FROM eclipse-temurin:17-jre
RUN useradd --system --uid 10001 --no-create-home offshoot
WORKDIR /app
COPY vercel-executor/target/quarkus-app/lib/ lib/
COPY vercel-executor/target/quarkus-app/app/ app/
COPY vercel-executor/target/quarkus-app/quarkus/ quarkus/
COPY vercel-executor/target/quarkus-app/quarkus-run.jar .
USER 10001
EXPOSE 8080
ENV QUARKUS_HTTP_HOST=0.0.0.0
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "-jar", "quarkus-run.jar"]
