using System.Net;
using System.Net.Http.Json;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Slipway.EndToEnd.Tests.Processes;
using Slipway.TestKit;

namespace Slipway.EndToEnd.Tests;

public sealed class TlsTests
{
    private static readonly Version[] Versions = [HttpVersion.Version11, HttpVersion.Version20];

    [Fact]
    public async Task A_listener_with_a_certificate_speaks_TLS_and_nothing_else()
    {
        using TemporaryFolder folder = new();
        using X509Certificate2 certificate = WriteCertificate(folder);
        folder.Write("models/m/1/model.onnx", OnnxModels.Add(1));

        // The address is overridden on the command line: the certificate stays.
        string config = folder.Write("slipway.yaml", $$"""
            listeners:
              http: { address: "127.0.0.1:1", tls: { certificate: "{{folder.PathOf("cert.pem")}}", key: "{{folder.PathOf("key.pem")}}" } }
            """);
        await using SlipwayProcess server = await SlipwayProcess.ServeAsync("--models", folder.PathOf("models"), "--config", config);

        using SocketsHttpHandler handler = new();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented!.GetCertHashString() == certificate.GetCertHashString();
        using HttpClient client = new(handler);
        foreach (Version version in Versions)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, new UriBuilder(server.Http) { Scheme = "https", Path = "/v2/models/m/infer" }.Uri)
            {
                Version = version,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new StringContent("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,2]}]}"""),
            };
            using HttpResponseMessage answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            JsonElement body = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
            Assert.Equal([2f, 3f], body.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(static value => value.GetSingle()));
        }

        using HttpClient strict = new();
        HttpRequestException untrusted = await Assert.ThrowsAsync<HttpRequestException>(
            () => strict.GetAsync(new UriBuilder(server.Http) { Scheme = "https" }.Uri, TestContext.Current.CancellationToken));
        Assert.IsType<AuthenticationException>(untrusted.InnerException);
        await Assert.ThrowsAsync<HttpRequestException>(() => strict.GetAsync(server.Http, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_certificate_that_is_not_there_is_named()
    {
        using TemporaryFolder folder = new();
        string config = folder.Write("slipway.yaml", """
            listeners:
              http: { address: "127.0.0.1:0", tls: { certificate: nowhere.pem, key: nowhere.key } }
            """);
        (int code, string _, string errors) = await SlipwayProcess.RunAsync("serve", "--config", config);
        Assert.Equal(2, code);
        Assert.Contains("listeners.http.tls", errors, StringComparison.Ordinal);
        Assert.Contains("nowhere.pem", errors, StringComparison.Ordinal);
    }

    private static X509Certificate2 WriteCertificate(TemporaryFolder folder)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        folder.Write("cert.pem", certificate.ExportCertificatePem());
        folder.Write("key.pem", key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }
}
