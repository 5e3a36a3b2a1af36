"""In Python processes that are not the model the shim has no effect."""
import importlib.util
import os
import signal
import subprocess
import sys
import tempfile
import textwrap

from lane_case import SHIM, LaneCase


class OtherProcesses(LaneCase):
    def python(self, script, *arguments, **more):
        return subprocess.run([sys.executable, '-c', textwrap.dedent(script)] + list(arguments),
                              env=self.environment(**more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)

    def check(self, script, *arguments):
        done = self.python(script, *arguments)
        self.assertEqual((done.returncode, done.stderr), (0, b''), done.stderr)
        self.assertEqual(os.listdir(self.folder), [])
        return done.stdout

    def test_sockets_that_are_not_the_models(self):
        self.check('''
            import os, socket, threading
            for family, name in (socket.AF_INET, ('127.0.0.1', 0)), (socket.AF_UNIX, '\\0np%d' % os.getpid()):
                server = socket.socket(family)
                server.bind(name)
                server.listen(5)
                assert type(server) is socket.socket
                client = socket.socket(family)
                client.connect(server.getsockname())
                connection = server.accept()[0]
                assert type(connection) is socket.socket
                client.sendall(b'x' * 100)
                assert connection.recv(1000) == b'x' * 100
                server.fileno(), server.detach()
            socket.create_server(('127.0.0.1', 0)).close()
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM).bind(('127.0.0.1', 0))
        ''')

    def test_children_and_pools(self):
        script = '''
            import concurrent.futures, multiprocessing, os, subprocess, sys
            def double(x):
                return 2 * x
            if __name__ == '__main__':
                for method in multiprocessing.get_all_start_methods():
                    with multiprocessing.get_context(method).Pool(2) as pool:
                        assert pool.map(double, range(5)) == [0, 2, 4, 6, 8]
                with concurrent.futures.ThreadPoolExecutor() as pool:
                    assert list(pool.map(double, range(3))) == [0, 2, 4]
                assert subprocess.check_output([sys.executable, '-c', 'print(1)']) == b'1\\n'
                if os.fork() == 0:
                    os._exit(0)
                os.wait()
        '''
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, 'script.py')
            with open(file, 'w') as out:
                out.write(textwrap.dedent(script))
            done = subprocess.run([sys.executable, file], env=self.environment(), stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (0, b''), done.stderr)
        self.assertNotIn(b'rror', done.stderr)
        self.assertEqual(os.listdir(self.folder), [])

    def test_modules_that_are_programs(self):
        for module in (['pip', '--version'], ['json.tool', '--help'], ['timeit', '-n1', '-r1', 'pass'], ['compileall', '-h']):
            if importlib.util.find_spec(module[0].split('.')[0]) is None:
                continue
            done = subprocess.run([sys.executable, '-m'] + module, env=self.environment(), stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, timeout=60)
            self.assertEqual((done.returncode, done.stderr), (0, b''), done.stderr)
        self.assertEqual(os.listdir(self.folder), [])

    def test_the_path_is_as_without_the_shim(self):
        script = 'import sys, os; print(sys.path, sorted(sys.modules))'
        ours = self.python(script).stdout
        theirs = subprocess.run([sys.executable, '-c', script], env=dict(self.environment(), PYTHONPATH=''),
                                stdout=subprocess.PIPE).stdout
        self.assertEqual(ours.split(b']')[0], theirs.split(b']')[0])

    def test_without_a_setting_nothing_is_imported(self):
        environment = self.environment()
        del environment['NPBRIDGE_LANE']
        script = 'import sys; print([name for name in sys.modules if name.startswith("npbridge") or name == "socket"])'
        done = subprocess.run([sys.executable, '-c', script], env=environment, stdout=subprocess.PIPE, timeout=60)
        self.assertEqual(done.stdout, b'[]\n')

    def test_children_of_the_model_run_without_the_shim(self):
        done = self.python('''
            import os, socket, subprocess, sys
            sock = socket.socket()
            sock.bind(('127.0.0.1', int(sys.argv[1])))
            sock.listen(1)
            assert isinstance(sock, socket.socket) and repr(sock).startswith('<socket.socket fd='), repr(sock)
            assert os.path.exists(sys.argv[2])
            print(os.environ.get('PYTHONPATH'), 'NPBRIDGE_LANE' in os.environ)
        ''', str(self.port), self.path)
        self.assertEqual((done.stdout, done.stderr), (b'None False\n', b''))
        self.assertEqual(os.listdir(self.folder), [])

    def test_unbuffered_output_goes_out_line_by_line(self):
        script = '''
            import os, socket, sys
            print('before')
            sock = socket.socket()
            sock.bind(('127.0.0.1', int(sys.argv[1])))
            sock.listen(1)
            # A socket of packets: each recv returns what one write wrote.
            a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            os.dup2(b.fileno(), 1)
            print('a', 1, 'line')
            print('half of one', end='')
            print(', and the other half')
            print('the last, without an end', end='')
            sys.stdout.flush()
            sys.stderr.write(repr([a.recv(100) for _ in range(3)]))
        '''
        expected = [b'a 1 line\n', b'half of one, and the other half\n', b'the last, without an end']
        done = self.python(script, str(self.port), self.path, PYTHONUNBUFFERED='1')
        self.assertEqual((done.stdout, done.stderr), (b'before\n', repr(expected).encode()))

    def test_unbuffered_last_words_are_not_kept_back(self):
        script = '''
            import os, signal, socket, sys
            sock = socket.socket()
            sock.bind(('127.0.0.1', int(sys.argv[1])))
            sock.listen(1)
            sys.stderr.write('in code that is not Python ...')
            os.kill(os.getpid(), signal.SIGKILL)
        '''
        done = self.python(script, str(self.port), PYTHONUNBUFFERED='1')
        self.assertEqual((done.returncode, done.stderr), (-signal.SIGKILL, b'in code that is not Python ...'))

    def test_a_closed_output_is_left_alone(self):
        for what in ('sys.stdout.close()', 'sys.stdout.detach()', 'del sys.stdout', 'sys.stdout = None'):
            self.setUp()
            script = '''
                import os, socket, sys
                %s
                sock = socket.socket()
                sock.bind(('127.0.0.1', int(sys.argv[1])))
                sock.listen(1)
                sys.stderr.write(type(sock).__name__)
                sys.stderr.flush()
                os._exit(0)
            ''' % what
            done = self.python(script, str(self.port), PYTHONUNBUFFERED='1')
            self.assertEqual((what, done.stderr), (what, b'LaneListener'))

    def test_another_sitecustomize_is_run_and_found(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, 'sitecustomize.py'), 'w') as file:
                file.write('print(__file__)')
            done = self.python('import sitecustomize; print(sitecustomize.__file__)',
                               PYTHONPATH=SHIM + os.pathsep + folder)
            theirs = os.path.join(folder, 'sitecustomize.py')
            self.assertEqual(done.stdout.decode().split(), [theirs, theirs], done.stderr)

    def test_invalid_settings(self):
        for setting in ('', '6000', ':x', 'x:y', '6000:', '6000,:', '6000,fat:x'):
            done = self.python('import socket; assert "listen" not in vars(socket.socket)', NPBRIDGE_LANE=setting)
            self.assertEqual((done.returncode, done.stderr), (0, b''))
