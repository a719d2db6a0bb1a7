using System.Collections.Frozen;
using Google.Protobuf;
using Slipway.Protocols.Errors;
using Slipway.Protocols.Grpc;
using Slipway.Protocols.Protos.Reflection.V1;

namespace Slipway.Protocols.Reflection;

/// <summary>
/// Server reflection: tells clients the services that are mapped and the .proto files that describe them. v1 and v1alpha differ in their package alone, so that
/// one set of messages serves both.
/// </summary>
internal sealed class ReflectionService(Lazy<ProtoFiles> files, Lazy<FrozenSet<string>> services)
{
    /// <summary>ServerReflectionInfo: answers one question after the other.</summary>
    public async ValueTask HandleAsync(GrpcCall call)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken, call.ServerStopping);
        while (true)
        {
            (bool found, GrpcMessage message) = await call.ReadNextAsync(ending.Token);
            if (!found)
            {
                return;
            }

            ServerReflectionRequest request;
            using (message)
            {
                request = GrpcCall.Parse(ServerReflectionRequest.Parser, message);
            }

            await call.WriteAsync(Answer(request));
            await call.FlushAsync();
        }
    }

    private ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        ServerReflectionResponse response = new() { ValidHost = request.Host, OriginalRequest = request };
        switch (request.MessageRequestCase)
        {
            case ServerReflectionRequest.MessageRequestOneofCase.ListServices:
                response.ListServicesResponse = new ListServiceResponse();
                response.ListServicesResponse.Service.AddRange(
                    services.Value.Order(StringComparer.Ordinal).Select(static name => new ServiceResponse { Name = name }));
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileByFilename:
                AddFiles(response, files.Value.FindFile(request.FileByFilename), "file", request.FileByFilename);
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol:
                AddFiles(response, files.Value.FindSymbol(request.FileContainingSymbol), "symbol", request.FileContainingSymbol);
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType when files.Value.HasMessage(request.AllExtensionNumbersOfType):
                response.AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = request.AllExtensionNumbersOfType };
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.AllExtensionNumbersOfType:
                response.ErrorResponse = NotFound("message", request.AllExtensionNumbersOfType);
                break;
            case ServerReflectionRequest.MessageRequestOneofCase.FileContainingExtension:
                response.ErrorResponse = NotFound("extension of", request.FileContainingExtension.ContainingType);
                break;
            default:
                response.ErrorResponse = new ErrorResponse { ErrorCode = (int)CanonicalCode.InvalidArgument, ErrorMessage = "the request asks nothing" };
                break;
        }

        return response;
    }

    private static void AddFiles(ServerReflectionResponse response, IReadOnlyList<ByteString>? found, string kind, string name)
    {
        if (found is null)
        {
            response.ErrorResponse = NotFound(kind, name);
            return;
        }

        response.FileDescriptorResponse = new FileDescriptorResponse();
        response.FileDescriptorResponse.FileDescriptorProto.AddRange(found);
    }

    private static ErrorResponse NotFound(string kind, string name) =>
        new() { ErrorCode = (int)CanonicalCode.NotFound, ErrorMessage = $"no {kind} '{name}'" };
}
