using System.CommandLine;
using Slipway.Cli.Terminal;
using Slipway.Trust.Bundles;
using Slipway.Trust.Certificates;
using Slipway.Trust.Folders;
using Slipway.Trust.Keys;
using Slipway.Trust.Signing;

namespace Slipway.Cli.Trust;

/// <summary><c>slipway model sign</c>: signs a model folder or file, offline (OpenSSF Model Signing v1.0).</summary>
internal static class ModelSignCommand
{
    public static Command Create(CliTerminal terminal)
    {
        Argument<string> path = new("PATH") { Description = "Folder of the model's files, or a single file." };
        Option<string> key = new("--key") { Description = "Private key in PEM: EC on P-256, P-384 or P-521.", HelpName = "FILE", Required = true };
        Option<string?> passphrase = new("--passphrase-file") { Description = "File whose first line is the key's passphrase.", HelpName = "FILE" };
        Option<string[]> certificate = new("--certificate")
        {
            Description = "The key's certificate in PEM, and those between it and the root; repeat it or put all in one file, the key's own first.",
            HelpName = "FILE",
        };
        Option<string[]> ignore = new("--ignore") { Description = "Leave out a file or folder, relative to the model; may be repeated.", HelpName = "PATH" };
        Option<string?> signature = new("--signature") { Description = "Where the signature is written (default: model.sig in the folder, NAME.ext.sig beside a file).", HelpName = "FILE" };
        Command command = new("sign", "Sign a model: hash its files and sign the list of them.") { path, key, passphrase, certificate, ignore, signature };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] ignored = [.. (parsed.GetValue(ignore) ?? []).Select(IgnorePath.Parse)];
            using SigningKey signing = SigningKey.FromPem(PemFile.Read(parsed.GetValue(key)!), ReadPassphrase(parsed.GetValue(passphrase)), "the key");
            string[] chain = parsed.GetValue(certificate) ?? [];
            ModelSigner signer = chain.Length == 0
                ? new ModelSigner(signing) { IgnorePaths = ignored }
                : new ModelSigner(signing, [.. chain.SelectMany(file => CertificateRoots.ReadAll(PemFile.Read(file), $"'{Path.GetFileName(file)}'"))]) { IgnorePaths = ignored };
            ModelOnDisk model = ModelOnDisk.Open(parsed.GetValue(path)!, parsed.GetValue(signature), ignored);
            SignatureBundle bundle = await signer.SignAsync(model.Name, model.Files, cancellationToken);
            await File.WriteAllBytesAsync(model.SignaturePath, bundle.ToJson(), cancellationToken);
            await terminal.Out.WriteLineAsync($"signed {model.Name}: {model.SignaturePath} ({bundle.Material.Method} {signing.PublicKey.Fingerprint})");
            return ExitCode.Done;
        });
        return command;
    }

    private static string? ReadPassphrase(string? file) => file is null ? null : PemFile.Read(file).Split('\n')[0].TrimEnd('\r');
}
