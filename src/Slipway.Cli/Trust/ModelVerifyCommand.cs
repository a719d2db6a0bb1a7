using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Cli.Terminal;
using Slipway.Core;
using Slipway.Trust.Bundles;
using Slipway.Trust.Folders;
using Slipway.Trust.Signing;

namespace Slipway.Cli.Trust;

/// <summary><c>slipway model verify</c>: whether a model is as somebody who is trusted signed it, offline.</summary>
internal static class ModelVerifyCommand
{
    public static Command Create(CliTerminal terminal)
    {
        Argument<string> path = new("PATH") { Description = "Folder of the model's files, or a single file." };
        Option<string?> signature = new("--signature") { Description = "The signature (default: model.sig in the folder, NAME.ext.sig beside a file).", HelpName = "FILE" };
        TrustOptions trust = new();
        Option<string[]> ignore = new("--ignore") { Description = "Pass over a file or folder that was not signed, relative to the model; may be repeated.", HelpName = "PATH" };
        Option<bool> lenient = new("--ignore-unsigned-files") { Description = "Pass over all files that were not signed." };
        Option<bool> json = new("--json") { Description = "Print the result as JSON." };
        Command command = new("verify", "Verify a model against its signature.") { path, signature, ignore, lenient, json };
        trust.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string[] ignored = [.. (parsed.GetValue(ignore) ?? []).Select(IgnorePath.Parse)];
            TrustedSigners signers = trust.Read(parsed);
            ModelOnDisk model = ModelOnDisk.Open(parsed.GetValue(path)!, parsed.GetValue(signature), ignored);
            (SignedManifest manifest, Signer signer) = new ModelVerifier(signers, terminal.Time).Open(SignatureBundle.Parse(ReadSignature(model)));
            if (manifest.AllowSymlinks)
            {
                await terminal.Error.WriteLineAsync("slipway: note: the signer followed symbolic links; they are not followed here");
            }

            ManifestCheck check = new(manifest) { IgnorePaths = ignored, IgnoreUnsignedFiles = parsed.GetValue(lenient) };
            IReadOnlyList<string> files = await check.RunAsync(model.Files, cancellationToken);
            if (parsed.GetValue(json))
            {
                VerifiedModel verified = new(model.Name, signer.Method, signer.Name, manifest.RootDigest, files, signer.NotVerified);
                await terminal.Out.WriteLineAsync(JsonSerializer.Serialize(verified, VerifiedModelJson.Default.VerifiedModel));
            }
            else
            {
                await terminal.Out.WriteLineAsync($"verified {model.Name}: {files.Count} {(files.Count == 1 ? "file" : "files")}, signed by {signer.Method} {signer.Name}");
                foreach (string unverified in signer.NotVerified)
                {
                    await terminal.Out.WriteLineAsync($"not verified: {unverified}");
                }
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static byte[] ReadSignature(ModelOnDisk model)
    {
        try
        {
            FileInfo file = new(model.SignaturePath);
            return !file.Exists ? throw new SlipwayException(ErrorCode.InvalidModel, $"'{model.Name}' is not signed: there is no '{file.Name}'")
                : file.Length <= SignatureBundle.MaxBytes ? File.ReadAllBytes(file.FullName)
                : throw new SlipwayException(ErrorCode.InvalidModel, $"'{file.Name}' has more than {SignatureBundle.MaxBytes} bytes: no signature");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Failed, $"the signature can't be read: {fault.Message}", fault);
        }
    }
}

/// <summary>Result of a verification, for machines.</summary>
/// <param name="Model">Name of the folder or file.</param>
/// <param name="Method"><c>key</c>, <c>certificate</c> or <c>sigstore</c>.</param>
/// <param name="Signer">Fingerprint, subject or identity.</param>
/// <param name="RootDigest">Digest of the signed list of files.</param>
/// <param name="Files">Files that are as they were signed.</param>
/// <param name="NotVerified">What was taken on trust.</param>
internal sealed record VerifiedModel(string Model, string Method, string Signer, string RootDigest, IReadOnlyList<string> Files, IReadOnlyList<string> NotVerified);

/// <summary>JSON of a result.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(VerifiedModel))]
internal sealed partial class VerifiedModelJson : JsonSerializerContext;
