using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Slipway.Protocols.Reflection;

/// <summary>The .proto files of all services and what they define. Immutable.</summary>
internal sealed class ProtoFiles
{
    private readonly FrozenDictionary<string, FileDescriptor> _byName;
    private readonly FrozenDictionary<string, FileDescriptor> _bySymbol;
    private readonly FrozenSet<string> _messages;

    private ProtoFiles(IEnumerable<FileDescriptor> roots)
    {
        Dictionary<string, FileDescriptor> files = new(StringComparer.Ordinal);
        foreach (FileDescriptor root in roots)
        {
            AddWithDependencies(files, root);
        }

        Dictionary<string, FileDescriptor> symbols = new(StringComparer.Ordinal);
        HashSet<string> messages = new(StringComparer.Ordinal);
        foreach (FileDescriptor file in files.Values)
        {
            foreach (string symbol in Symbols(file))
            {
                symbols.TryAdd(symbol, file);
            }

            messages.UnionWith(Messages(file.MessageTypes).Select(static message => message.FullName));
        }

        _byName = files.ToFrozenDictionary(StringComparer.Ordinal);
        _bySymbol = symbols.ToFrozenDictionary(StringComparer.Ordinal);
        _messages = messages.ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>All files that this room's services are written in. Read when first asked for: it takes a third of the server's start.</summary>
    public static Lazy<ProtoFiles> All { get; } = new(static () => new ProtoFiles(
    [
        Protos.Inference.GrpcServiceReflection.Descriptor,
        Protos.TensorFlow.Serving.ServingReflection.Descriptor,
        Protos.Health.HealthReflection.Descriptor,
        Protos.Reflection.V1.ReflectionReflection.Descriptor,
        Protos.Reflection.V1Alpha.ReflectionReflection.Descriptor,
    ]));

    /// <summary>The encoded file of that name and those it imports, itself first; null when there is none.</summary>
    public IReadOnlyList<ByteString>? FindFile(string name) => _byName.TryGetValue(name, out FileDescriptor? file) ? Encode(file) : null;

    /// <summary>The encoded file that defines a symbol and those it imports, itself first; null when there is none.</summary>
    public IReadOnlyList<ByteString>? FindSymbol(string symbol) => _bySymbol.TryGetValue(symbol, out FileDescriptor? file) ? Encode(file) : null;

    /// <summary>Whether a message has that full name.</summary>
    public bool HasMessage(string name) => _messages.Contains(name);

    private static List<ByteString> Encode(FileDescriptor file)
    {
        Dictionary<string, FileDescriptor> files = new(StringComparer.Ordinal);
        AddWithDependencies(files, file);
        return [file.SerializedData, .. files.Values.Where(other => other != file).Select(static other => other.SerializedData)];
    }

    private static void AddWithDependencies(Dictionary<string, FileDescriptor> files, FileDescriptor file)
    {
        if (files.TryAdd(file.Name, file))
        {
            foreach (FileDescriptor dependency in file.Dependencies)
            {
                AddWithDependencies(files, dependency);
            }
        }
    }

    private static IEnumerable<string> Symbols(FileDescriptor file)
    {
        foreach (ServiceDescriptor service in file.Services)
        {
            yield return service.FullName;
            foreach (MethodDescriptor method in service.Methods)
            {
                yield return method.FullName;
            }
        }

        foreach (string symbol in file.EnumTypes.SelectMany(Symbols))
        {
            yield return symbol;
        }

        foreach (MessageDescriptor message in Messages(file.MessageTypes))
        {
            yield return message.FullName;
            foreach (FieldDescriptor field in message.Fields.InDeclarationOrder())
            {
                yield return field.FullName;
            }

            foreach (string symbol in message.EnumTypes.SelectMany(Symbols))
            {
                yield return symbol;
            }
        }
    }

    // The values of an enumeration are named in the scope around it.
    private static IEnumerable<string> Symbols(EnumDescriptor type) =>
        type.Values.Select(value => type.FullName[..^type.Name.Length] + value.Name).Prepend(type.FullName);

    private static IEnumerable<MessageDescriptor> Messages(IEnumerable<MessageDescriptor> types) =>
        types.SelectMany(static type => Messages(type.NestedTypes).Prepend(type));
}
